using System.Runtime.InteropServices;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The part of RocksDB's C interface (rocksdb/c.h) that the log needs. The package's own bindings emit classes for all 1,800 functions
/// when they are first used: that costs half a second and 50 MB.
/// </summary>
internal static class RocksNative
{
    private const string Library = "rocksdb";

    [DllImport(Library)]
    public static extern nint rocksdb_options_create();

    [DllImport(Library)]
    public static extern void rocksdb_options_destroy(nint options);

    [DllImport(Library)]
    public static extern void rocksdb_get_options_from_string(nint options, [MarshalAs(UnmanagedType.LPUTF8Str)] string text, nint result, ref nint error);

    [DllImport(Library)]
    public static extern nint rocksdb_open(nint options, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, ref nint error);

    [DllImport(Library)]
    public static extern nint rocksdb_open_for_read_only(nint options, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, byte failIfWal, ref nint error);

    [DllImport(Library)]
    public static extern void rocksdb_repair_db(nint options, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, ref nint error);

    [DllImport(Library)]
    public static extern void rocksdb_close(nint database);

    [DllImport(Library)]
    public static extern void rocksdb_verify_checksum(nint database, ref nint error);

    [DllImport(Library)]
    public static extern nint rocksdb_get(nint database, nint options, in byte key, nuint keyLength, out nuint length, ref nint error);

    [DllImport(Library)]
    public static extern void rocksdb_free(nint bytes);

    [DllImport(Library)]
    public static extern nint rocksdb_readoptions_create();

    [DllImport(Library)]
    public static extern void rocksdb_readoptions_destroy(nint options);

    [DllImport(Library)]
    public static extern void rocksdb_readoptions_set_verify_checksums(nint options, byte value);

    [DllImport(Library)]
    public static extern nint rocksdb_create_iterator(nint database, nint options);

    [DllImport(Library)]
    public static extern void rocksdb_iter_destroy(nint iterator);

    [DllImport(Library)]
    public static extern void rocksdb_iter_seek(nint iterator, in byte key, nuint length);

    [DllImport(Library)]
    public static extern void rocksdb_iter_seek_for_prev(nint iterator, in byte key, nuint length);

    [DllImport(Library)]
    public static extern void rocksdb_iter_next(nint iterator);

    [DllImport(Library)]
    public static extern byte rocksdb_iter_valid(nint iterator);

    [DllImport(Library)]
    public static extern nint rocksdb_iter_key(nint iterator, out nuint length);

    [DllImport(Library)]
    public static extern nint rocksdb_iter_value(nint iterator, out nuint length);

    [DllImport(Library)]
    public static extern void rocksdb_iter_get_error(nint iterator, ref nint error);

    [DllImport(Library)]
    public static extern nint rocksdb_writeoptions_create();

    [DllImport(Library)]
    public static extern void rocksdb_writeoptions_destroy(nint options);

    [DllImport(Library)]
    public static extern void rocksdb_writeoptions_set_sync(nint options, byte value);

    [DllImport(Library)]
    public static extern nint rocksdb_writebatch_create();

    [DllImport(Library)]
    public static extern void rocksdb_writebatch_destroy(nint batch);

    [DllImport(Library)]
    public static extern void rocksdb_writebatch_clear(nint batch);

    [DllImport(Library)]
    public static extern void rocksdb_writebatch_put(nint batch, in byte key, nuint keyLength, in byte value, nuint valueLength);

    [DllImport(Library)]
    public static extern void rocksdb_writebatch_delete(nint batch, in byte key, nuint keyLength);

    [DllImport(Library)]
    public static extern void rocksdb_writebatch_delete_range(nint batch, in byte from, nuint fromLength, in byte to, nuint toLength);

    [DllImport(Library)]
    public static extern void rocksdb_write(nint database, nint options, nint batch, ref nint error);
}
