namespace Interactions.Frontend.Admission;

/// <summary><c>Log:*</c>: where streams are kept.</summary>
/// <param name="Kind">Which log.</param>
/// <param name="Path">The data folder.</param>
/// <param name="KeepHours">For how long entries are kept; 0 = until the stream is deleted.</param>
internal sealed record LogSettings(LogKind Kind = LogKind.File, string Path = "./data", int KeepHours = 0)
{
    private const int RedisKeepHours = 24;

    /// <summary><c>host:port</c> of each Redis server; they are independent of each other.</summary>
    public IReadOnlyList<string> Redis { get; init; } = [];

    public string? RedisPassword { get; init; }

    public bool RedisTls { get; init; }

    internal static LogSettings Read(OptionReader read)
    {
        var standard = new LogSettings();
        var kind = standard.Kind;
        if (read.Text("Log:Kind") is { } text && string.Equals(text, "Orleans", StringComparison.OrdinalIgnoreCase))
            read.Refuse("Log:Kind", $"is {text}, which this build does not have yet; it has File, Redis and Memory");
        else
            kind = read.Choice("Log:Kind", standard.Kind);

        var redis = read.List("Log:Redis");
        if (kind == LogKind.Redis && redis.Count == 0) read.Refuse("Log:Redis", "has to name at least one server, host:port, when Log:Kind is Redis");
        foreach (var server in redis.Where(server => !IsAddress(server))) read.Refuse("Log:Redis", $"has to be a list of host:port, not {server}");

        var keepHours = read.Whole("Log:KeepHours", kind == LogKind.Redis ? RedisKeepHours : standard.KeepHours, 0, 876_000);
        return new LogSettings(kind, read.Text("Log:Path") ?? standard.Path, keepHours)
        {
            Redis = redis,
            RedisPassword = read.Text("Log:RedisPassword"),
            RedisTls = read.Flag("Log:RedisTls", false),
        };
    }

    private static bool IsAddress(string server)
    {
        var colon = server.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(server.AsSpan(colon + 1), out var port) && port > 0 && Uri.CheckHostName(server[..colon].Trim('[', ']')) != UriHostNameType.Unknown;
    }
}
