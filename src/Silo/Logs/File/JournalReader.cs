using System.Buffers;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.File;

/// <summary>Reads entries and snapshots while the writer writes and segments go. Safe for any thread.</summary>
internal sealed class JournalReader(Journal journal)
{
    private const int MinWindowBytes = 4 << 10, MaxWindowBytes = 64 << 10, TypicalRecordBytes = 512;

    /// <summary>A read ends here; who wants more reads on.</summary>
    private const int MaxReadBytes = 8 << 20, MaxEntries = 10_000;

    public ReadResult Read(string stream, Position after, int max)
    {
        var slices = new List<Slice>();
        while (true)
        {
            if (journal.Find(stream) is not { } index) return LogRules.Unknown(after);
            slices.Clear();
            var status = index.Find(after, Math.Min(max, MaxEntries), slices, out var head);
            if (slices.Count == 0) return new ReadResult(status, [], head);
            try
            {
                return new ReadResult(status, Entries(index, slices), head);
            }
            catch (ObjectDisposedException) when (!journal.IsDisposed)
            {
                // A segment was freed meanwhile: the stream's index says by now what that means for this position.
            }
        }
    }

    public LogSnapshot? Snapshot(string stream, long notAfterMs)
    {
        while (true)
        {
            if (journal.Find(stream) is not { } index) return null;
            StoredSnapshot? stored;
            lock (index) stored = index.Snapshots.Choose(notAfterMs);
            if (stored is null) return null;
            try
            {
                using var window = new Window(journal.SegmentOf(stored.Segment), MaxWindowBytes);
                var from = new ByteReader(window.Record(stored.Location));
                if ((RecordType)from.Byte() != RecordType.Snapshot) throw Damaged(stored.Segment, stored.Location);
                from.SkipName();
                return new LogSnapshot(new Position(from.Name(), from.Int64()), from.Int64(), from.Rest.ToArray());
            }
            catch (ObjectDisposedException) when (!journal.IsDisposed)
            {
                // As above.
            }
        }
    }

    private static LogUnavailableException Damaged(int segment, long location) =>
        new($"Segment {segment} of the journal is damaged at byte {location}.");

    private List<Entry> Entries(StreamIndex index, List<Slice> slices)
    {
        var entries = new List<Entry>(slices.Sum(slice => slice.Count));
        var bytes = 0;
        foreach (var slice in slices)
        {
            var segment = journal.SegmentOf(slice.Segment);
            var locations = slice.Locations ?? segment.ReadLocations(slice);
            using var window = new Window(segment, Math.Clamp(slice.Count * TypicalRecordBytes, MinWindowBytes, MaxWindowBytes));
            for (var i = 0; i < locations.Length; i++)
            {
                var from = new ByteReader(window.Record(locations[i]));
                if ((RecordType)from.Byte() != RecordType.Entry) throw Damaged(slice.Segment, locations[i]);
                from.SkipName();
                from.SkipName();
                var (offset, atMs) = (from.Int64(), from.Int64());
                if (offset != slice.First + i) throw Damaged(slice.Segment, locations[i]);
                entries.Add(new Entry(new Position(index.Epoch, offset), atMs, from.Name(), from.Int64(), from.Rest.ToArray()));
                bytes += entries[^1].Batch.Length;
                if (bytes >= MaxReadBytes) return entries;
            }
        }

        return entries;
    }

    /// <summary>A part of a segment in memory: neighbours come with one read.</summary>
    private sealed class Window(Segment segment, int bytes) : IDisposable
    {
        private readonly Segment _segment = segment;
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(bytes);
        private long _at;
        private int _have;

        /// <summary>The body of a record; valid until the next call.</summary>
        public ReadOnlySpan<byte> Record(long location)
        {
            if (!Holds(location, RecordCodec.HeaderBytes)) Fill(location, RecordCodec.HeaderBytes);
            var size = RecordCodec.LengthOf(_bytes.AsSpan((int)(location - _at)));
            if (size == 0) throw Damaged(_segment.Id, location);
            if (!Holds(location, size)) Fill(location, (int)size);
            var record = _bytes.AsSpan((int)(location - _at), (int)size);
            return RecordCodec.IsSound(record) ? record[RecordCodec.HeaderBytes..] : throw Damaged(_segment.Id, location);
        }

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        private bool Holds(long location, long size) => location >= _at && location + size <= _at + _have;

        private void Fill(long location, int size)
        {
            if (_bytes.Length < size)
            {
                // A damaged length must not make us take gigabytes.
                if (location + size > RandomAccess.GetLength(_segment.OpenJournal())) throw Damaged(_segment.Id, location);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = ArrayPool<byte>.Shared.Rent(size);
            }

            (_at, _have) = (location, 0);
            var handle = _segment.OpenJournal();
            while (_have < size)
            {
                var count = RandomAccess.Read(handle, _bytes.AsSpan(_have), location + _have);
                if (count == 0) throw Damaged(_segment.Id, location);
                _have += count;
            }
        }
    }
}
