using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Interactions.Silo.Logs.File;

/// <summary>One file of the journal, and once it is sealed its index file. Opened when first read.</summary>
internal sealed class Segment(string folder, int id) : IDisposable
{
    private SafeFileHandle? _journal;
    private SafeFileHandle? _index;
    private bool _disposed;

    public int Id { get; } = id;

    public string JournalPath { get; } = PathOf(folder, id, "log");

    public string IndexPath { get; } = PathOf(folder, id, "idx");

    /// <summary>How many entries and snapshots in it somebody may still want. Only the writer looks here.</summary>
    public int Live { get; set; }

    public bool IsSealed { get; set; }

    public List<Tombstone> Tombstones { get; } = [];

    public static string PathOf(string folder, int id, string extension) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"journal-{id:D8}.{extension}"));

    /// <exception cref="ObjectDisposedException">The segment was freed.</exception>
    public SafeFileHandle OpenJournal()
    {
        lock (this)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _journal ??= System.IO.File.OpenHandle(
                JournalPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
    }

    /// <summary>The locations of a sealed slice, from the index file.</summary>
    public long[] ReadLocations(Slice slice)
    {
        SafeFileHandle index;
        lock (this)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            index = _index ??= System.IO.File.OpenHandle(
                IndexPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        var bytes = new byte[slice.Count * Slice.LocationBytes];
        var read = 0;
        while (read < bytes.Length)
        {
            var count = RandomAccess.Read(index, bytes.AsSpan(read), slice.IndexAt + read);
            if (count == 0) throw new IOException($"{IndexPath} ends too early.");
            read += count;
        }

        var locations = new long[slice.Count];
        for (var i = 0; i < locations.Length; i++)
            locations[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * Slice.LocationBytes));
        return locations;
    }

    public void Dispose()
    {
        lock (this)
        {
            _disposed = true;
            _journal?.Dispose();
            _index?.Dispose();
        }
    }

    /// <summary>Gives the space back. Who reads it right now finds it disposed and looks again.</summary>
    public void Delete()
    {
        Dispose();
        System.IO.File.Delete(IndexPath);
        System.IO.File.Delete(JournalPath);
    }
}
