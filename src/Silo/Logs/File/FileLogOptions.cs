namespace Interactions.Silo.Logs.File;

/// <summary>Where a <see cref="FileLog"/> lies and how much it keeps.</summary>
public sealed record FileLogOptions
{
    /// <summary>A folder of its own, made if it is not there.</summary>
    public required string Path { get; init; }

    /// <summary>When a segment is this long, the next one is begun. A segment is freed as a whole.</summary>
    public long SegmentBytes { get; init; } = 64 << 20;

    /// <summary>How long entries are kept that a snapshot holds as well; 0 = until the stream is deleted.</summary>
    public int KeepHours { get; init; }
}
