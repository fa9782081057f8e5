namespace Interactions.Silo.Logs.File;

/// <summary>What a record of the journal says. The numbers are stored: never renumber.</summary>
internal enum RecordType : byte
{
    Entry = 1,
    Snapshot = 2,
    Trim = 3,
    Delete = 4,
}
