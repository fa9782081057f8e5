namespace Interactions.Frontend.Settings;

/// <summary><c>Log:*</c>: where streams are kept.</summary>
/// <param name="Kind">Which log.</param>
/// <param name="Path">The data folder.</param>
/// <param name="KeepHours">For how long entries are kept; 0 = until the stream is deleted.</param>
internal sealed record LogSettings(LogKind Kind = LogKind.Rocks, string Path = "./data", int KeepHours = 0)
{
    private const int RedisKeepHours = 24;

    /// <summary>The Redis servers; they are independent of each other.</summary>
    public IReadOnlyList<RedisAddress> Redis { get; init; } = [];

    public string? RedisPassword { get; init; }

    public bool RedisTls { get; init; }

    internal static LogSettings Read(OptionReader read)
    {
        var standard = new LogSettings();
        var kind = standard.Kind;
        if (read.Text("Log:Kind") is { } text && string.Equals(text, "File", StringComparison.OrdinalIgnoreCase))
            read.Refuse("Log:Kind", $"is {text}, which this version does not have any more; it has Rocks, Redis and Memory");
        else
            kind = read.Choice("Log:Kind", standard.Kind);

        List<RedisAddress> redis = [];
        foreach (var address in read.List("Log:Redis"))
        {
            if (RedisAddress.Parse(address) is { } server) redis.Add(server);
            else read.Refuse("Log:Redis", $"has to be a list of host:port, not {address}");
        }

        if (kind == LogKind.Redis && read.List("Log:Redis").Count == 0) read.Refuse("Log:Redis", "has to name at least one server, host:port, when Log:Kind is Redis");

        if (redis.Count > 0 && read.Text("Log:Kind") is null) read.Refuse("Log:Redis", "is of no use as long as Log:Kind is Rocks: set Log:Kind to Redis, or leave Log:Redis out");

        var keepHours = read.Whole("Log:KeepHours", kind == LogKind.Redis ? RedisKeepHours : standard.KeepHours, 0, 876_000);
        return new LogSettings(kind, read.Text("Log:Path") ?? standard.Path, keepHours)
        {
            Redis = redis.Count > 0 ? redis : standard.Redis,
            RedisPassword = read.Text("Log:RedisPassword"),
            RedisTls = read.Flag("Log:RedisTls", false),
        };
    }
}
