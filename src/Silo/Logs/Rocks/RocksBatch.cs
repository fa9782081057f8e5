using System.Runtime.InteropServices;
using static Interactions.Silo.Logs.Rocks.RocksNative;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Changes that are written together, in their order. For one thread.</summary>
internal sealed class RocksBatch : IDisposable
{
    internal nint Handle { get; } = rocksdb_writebatch_create();

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => rocksdb_writebatch_put(
        Handle, in MemoryMarshal.GetReference(key), (nuint)key.Length, in MemoryMarshal.GetReference(value), (nuint)value.Length);

    public void Delete(ReadOnlySpan<byte> key) => rocksdb_writebatch_delete(Handle, in MemoryMarshal.GetReference(key), (nuint)key.Length);

    /// <param name="from">The first key that goes.</param>
    /// <param name="to">The first one that stays.</param>
    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) => rocksdb_writebatch_delete_range(
        Handle, in MemoryMarshal.GetReference(from), (nuint)from.Length, in MemoryMarshal.GetReference(to), (nuint)to.Length);

    public void Clear() => rocksdb_writebatch_clear(Handle);

    public void Dispose() => rocksdb_writebatch_destroy(Handle);
}
