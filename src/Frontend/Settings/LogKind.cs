namespace Interactions.Frontend.Settings;

/// <summary>Which log the node runs on (<c>Log:Kind</c>).</summary>
internal enum LogKind : byte
{
    /// <summary>RocksDB in the data folder, for one process.</summary>
    Rocks,

    /// <summary>One or several Redis servers, for many nodes.</summary>
    Redis,

    /// <summary>Nothing survives the process; for tests.</summary>
    Memory,
}
