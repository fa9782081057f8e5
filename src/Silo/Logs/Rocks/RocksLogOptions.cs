namespace Interactions.Silo.Logs.Rocks;

/// <summary>Where a <see cref="RocksLog"/> lies and how much it keeps.</summary>
public sealed record RocksLogOptions
{
    /// <summary>A folder of its own, made if it is not there.</summary>
    public required string Path { get; init; }

    /// <summary>How long entries are kept that a snapshot holds as well; 0 = until the stream is deleted.</summary>
    public int KeepHours { get; init; }
}
