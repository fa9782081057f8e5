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
}
