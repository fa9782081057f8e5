using System.Runtime.InteropServices;
using static Interactions.Silo.Logs.Rocks.RocksNative;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>One open RocksDB database. Safe for any thread until it is disposed, which nobody may do while another uses it.</summary>
internal sealed class RocksDatabase : IDisposable
{
    private readonly nint _handle;
    private readonly nint _read = rocksdb_readoptions_create();
    private readonly nint _write = rocksdb_writeoptions_create();

    private RocksDatabase(nint handle)
    {
        _handle = handle;
        rocksdb_writeoptions_set_sync(_write, 1);
    }

    /// <exception cref="RocksException">It can't be opened.</exception>
    public static RocksDatabase Open(string path, string settings) =>
        new(With(settings, (options, error) => (rocksdb_open(options, path, ref error), error)));

    /// <summary>Opens it without changing a byte of it.</summary>
    /// <exception cref="RocksException">It can't be opened.</exception>
    public static RocksDatabase OpenToRead(string path, string settings) =>
        new(With(settings, (options, error) => (rocksdb_open_for_read_only(options, path, 0, ref error), error)));

    /// <summary>Makes a database of all tables and logs that are in the folder, whatever its manifest says. What it can't use it moves to a folder within.</summary>
    /// <exception cref="RocksException">It can't.</exception>
    public static void Rebuild(string path, string settings) =>
        With(settings, (options, error) =>
        {
            rocksdb_repair_db(options, path, ref error);
            return (0, error);
        });

    /// <summary>The value, or null.</summary>
    /// <exception cref="RocksException">It can't be read.</exception>
    public byte[]? Get(ReadOnlySpan<byte> key)
    {
        nint error = 0;
        var bytes = rocksdb_get(_handle, _read, in MemoryMarshal.GetReference(key), (nuint)key.Length, out var length, ref error);
        Check(error);
        if (bytes == 0) return null;
        try
        {
            var value = new byte[length];
            Marshal.Copy(bytes, value, 0, value.Length);
            return value;
        }
        finally
        {
            rocksdb_free(bytes);
        }
    }

    /// <summary>What is there now, in the order of keys. Dispose it before the database.</summary>
    public RocksCursor Read() => new(rocksdb_create_iterator(_handle, _read));

    /// <summary>All or nothing; durable when it returns.</summary>
    /// <exception cref="RocksException">Whether it was written is unknown. The database takes no more writes until it is opened again.</exception>
    public void Write(RocksBatch batch)
    {
        nint error = 0;
        rocksdb_write(_handle, _write, batch.Handle, ref error);
        Check(error);
    }

    /// <summary>Reads every block of every table.</summary>
    /// <exception cref="RocksException">One is not as it was written; the message names the file and the byte.</exception>
    public void Verify()
    {
        nint error = 0;
        rocksdb_verify_checksum(_handle, ref error);
        Check(error);
    }

    /// <summary>From now on blocks are read whatever their checksums say.</summary>
    public void IgnoreChecksums() => rocksdb_readoptions_set_verify_checksums(_read, 0);

    public void Dispose()
    {
        rocksdb_close(_handle);
        rocksdb_readoptions_destroy(_read);
        rocksdb_writeoptions_destroy(_write);
    }

    internal static void Check(nint error)
    {
        if (error == 0) return;
        var text = Marshal.PtrToStringUTF8(error) ?? "";
        rocksdb_free(error);
        throw new RocksException(text);
    }

    private static nint With(string settings, Func<nint, nint, (nint Result, nint Error)> use)
    {
        var standard = rocksdb_options_create();
        var options = rocksdb_options_create();
        try
        {
            nint error = 0;
            rocksdb_get_options_from_string(standard, settings, options, ref error);
            Check(error);
            (var result, error) = use(options, 0);
            Check(error);
            return result;
        }
        finally
        {
            rocksdb_options_destroy(options);
            rocksdb_options_destroy(standard);
        }
    }
}
