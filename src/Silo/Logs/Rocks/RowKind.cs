namespace Interactions.Silo.Logs.Rocks;

/// <summary>The kinds of a stream's rows, as in <see cref="RocksKeys"/>.</summary>
internal enum RowKind : byte
{
    Life = 0,
    Snapshot = 1,
    Entry = 2,
}
