namespace Interactions.Silo.Logs.Redis;

/// <summary>One Redis server as a log.</summary>
/// <param name="Server"><c>host:port</c>.</param>
public sealed record RedisLogOptions(string Server)
{
    public string? Password { get; init; }

    /// <summary>Whether to speak TLS; the server's certificate is checked.</summary>
    public bool Tls { get; init; }

    /// <summary>For how many hours entries are kept; 0 = until the stream is deleted.</summary>
    public int KeepHours { get; init; } = 24;

    /// <summary>How long one command may take before its outcome counts as unknown.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For how long entries are held here, to be put back should the store lose them.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>At most this many bytes of a stream's entries are held.</summary>
    public int HoldBytes { get; init; } = 4 << 20;

    /// <summary>Takes log time from the caller's clock instead of the store's; for tests.</summary>
    public bool UseOwnClock { get; init; }
}
