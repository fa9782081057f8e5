namespace Interactions.Frontend.Admission;

/// <summary>Which log the node runs on (<c>Log:Kind</c>).</summary>
internal enum LogKind : byte
{
    File,

    /// <summary>Nothing survives the process; for tests.</summary>
    Memory,
}
