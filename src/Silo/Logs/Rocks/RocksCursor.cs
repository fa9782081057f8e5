using System.Runtime.InteropServices;
using static Interactions.Silo.Logs.Rocks.RocksNative;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>A place in an unchanging view of a database. For one thread.</summary>
internal sealed class RocksCursor(nint iterator) : IDisposable
{
    private byte[] _key = [];
    private byte[] _value = [];

    public ReadOnlySpan<byte> Key => Copy(rocksdb_iter_key(iterator, out var length), (int)length, ref _key);

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Value => Copy(rocksdb_iter_value(iterator, out var length), (int)length, ref _value);

    /// <summary>Goes to the first row at or after the key; false if there is none.</summary>
    /// <exception cref="RocksException">It can't be read.</exception>
    public bool Seek(ReadOnlySpan<byte> key)
    {
        rocksdb_iter_seek(iterator, in MemoryMarshal.GetReference(key), (nuint)key.Length);
        return IsAtRow();
    }

    /// <summary>Goes to the last row at or before the key; false if there is none.</summary>
    /// <exception cref="RocksException">It can't be read.</exception>
    public bool SeekBack(ReadOnlySpan<byte> key)
    {
        rocksdb_iter_seek_for_prev(iterator, in MemoryMarshal.GetReference(key), (nuint)key.Length);
        return IsAtRow();
    }

    /// <summary>Goes to the next row; false if there is none.</summary>
    /// <exception cref="RocksException">It can't be read.</exception>
    public bool Next()
    {
        rocksdb_iter_next(iterator);
        return IsAtRow();
    }

    public void Dispose() => rocksdb_iter_destroy(iterator);

    private bool IsAtRow()
    {
        if (rocksdb_iter_valid(iterator) != 0) return true;
        nint error = 0;
        rocksdb_iter_get_error(iterator, ref error);
        RocksDatabase.Check(error);
        return false;
    }

    private static ReadOnlySpan<byte> Copy(nint from, int length, ref byte[] to)
    {
        if (to.Length < length) to = new byte[Math.Max(length, 2 * to.Length)];
        Marshal.Copy(from, to, 0, length);
        return to.AsSpan(0, length);
    }
}
