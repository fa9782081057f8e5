using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Interactions.Silo.Logs.File;

/// <summary>
/// Brings a <see cref="Journal"/> back from its folder: index files of sealed segments, a scan of the last one.
/// </summary>
internal sealed class JournalRecovery(Journal journal, ILogger logger)
{
    private readonly string _folder = journal.Options.Path;
    private readonly NamePool _names = new();

    /// <returns>The length of the active segment.</returns>
    /// <exception cref="InvalidDataException">A sealed segment is damaged.</exception>
    public long Run()
    {
        foreach (var leftover in Directory.GetFiles(_folder, "journal-*.tmp")) System.IO.File.Delete(leftover);
        foreach (var index in Directory.GetFiles(_folder, "journal-*.idx"))
        {
            if (!System.IO.File.Exists(Path.ChangeExtension(index, "log"))) System.IO.File.Delete(index);
        }

        var ids = Directory.GetFiles(_folder, "journal-*.log").Select(IdOf).Where(id => id > 0).Order().ToList();
        foreach (var id in ids.SkipLast(1)) Sealed(new Segment(_folder, id));
        var isNew = ids.Count == 0;
        var length = Last(new Segment(_folder, isNew ? 1 : ids[^1]));
        journal.Settle();
        if (isNew) CLibrary.FlushDirectory(_folder);
        FileLogMessages.Opened(logger, _folder, journal.StreamCount, Math.Max(1, ids.Count));
        return length;
    }

    private static int IdOf(string path) =>
        int.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan("journal-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private void Sealed(Segment segment)
    {
        journal.Begin(segment);
        if (SegmentIndexFile.TryLoad(journal, segment, _names))
        {
            journal.MarkSealed(segment);
            return;
        }

        var length = new FileInfo(segment.JournalPath).Length;
        var sound = Scan(segment, length);
        if (sound < length)
        {
            throw new InvalidDataException(
                $"{segment.JournalPath} is damaged at byte {sound} of {length}. It is not the last segment, so this is no torn write but lost data. " +
                "Bring the file back from a backup; the log does not start without it.");
        }

        FileLogMessages.Rebuilt(logger, segment.JournalPath);
        journal.Seal(length);
    }

    private long Last(Segment segment)
    {
        journal.Begin(segment);
        var handle = segment.OpenJournal();
        var length = RandomAccess.GetLength(handle);
        var sound = Scan(segment, length);
        if (sound == length) return length;

        var torn = Path.ChangeExtension(segment.JournalPath, "torn");
        try
        {
            CopyAside(handle, sound, length, torn);
        }
        catch (Exception e) when (DiskErrors.IsFull(e))
        {
            // They were never acknowledged; a full disk is no reason not to start.
            torn = "no file, as the disk is full";
        }

        RandomAccess.SetLength(handle, sound);
        RandomAccess.FlushToDisk(handle);
        FileLogMessages.TornTail(logger, segment.JournalPath, length - sound, sound, torn);
        return sound;
    }

    private static void CopyAside(SafeFileHandle from, long at, long end, string to)
    {
        var bytes = new byte[1 << 16];
        using var aside = new FileStream(to, FileMode.Append, FileAccess.Write);
        while (at < end)
        {
            var count = RandomAccess.Read(from, bytes, at);
            if (count == 0) break;
            aside.Write(bytes, 0, count);
            at += count;
        }

        aside.Flush(flushToDisk: true);
    }

    /// <returns>Where the first bad record is, or the length.</returns>
    private long Scan(Segment segment, long length)
    {
        var handle = segment.OpenJournal();
        var window = new byte[(int)Math.Clamp(length, RecordCodec.HeaderBytes, 1 << 20)];
        var (windowAt, have, at) = (0L, 0, 0L);
        while (at < length)
        {
            if (at + RecordCodec.HeaderBytes > length) return at;
            if (!Holds(RecordCodec.HeaderBytes)) Fill(RecordCodec.HeaderBytes);
            var size = RecordCodec.LengthOf(window.AsSpan((int)(at - windowAt)));
            if (size == 0 || at + size > length) return at;
            if (!Holds(size)) Fill((int)size);
            var record = window.AsSpan((int)(at - windowAt), (int)size);
            if (!RecordCodec.IsSound(record)) return at;
            Apply(segment, at, record[RecordCodec.HeaderBytes..]);
            at += size;
        }

        return at;

        bool Holds(long size) => at >= windowAt && at + size <= windowAt + have;

        void Fill(int size)
        {
            if (window.Length < size) window = new byte[size];
            (windowAt, have) = (at, 0);
            while (have < window.Length)
            {
                var count = RandomAccess.Read(handle, window.AsSpan(have), at + have);
                if (count == 0) break;
                have += count;
            }

            if (have < size) throw new IOException($"{segment.JournalPath} became shorter while it was read.");
        }
    }

    private void Apply(Segment segment, long location, ReadOnlySpan<byte> body)
    {
        var from = new ByteReader(body, _names);
        var type = (RecordType)from.Byte();
        var (name, epoch) = (from.Name(), from.Name());
        switch (type)
        {
            case RecordType.Entry:
                {
                    var stream = journal.Life(segment, name, epoch);
                    var (offset, atMs) = (from.Int64(), from.Int64());
                    if (offset != stream.Head + 1) stream.SkipTo(offset - 1, atMs, journal.Release);
                    journal.Append(stream, location, atMs);
                    stream.Producers.Set(from.Name(), new ProducerState(from.Int64(), offset, atMs));
                    break;
                }

            case RecordType.Snapshot:
                {
                    var stream = journal.Life(segment, name, epoch);
                    var (offset, atMs) = (from.Int64(), from.Int64());
                    if (stream.Head < offset) stream.SkipTo(offset, atMs, journal.Release);
                    journal.PutSnapshot(stream, offset, atMs, new StoredSnapshot(segment.Id, location));
                    break;
                }

            case RecordType.Trim:
                if (journal.Find(name) is { } trimmed && trimmed.Epoch == epoch) journal.Trim(trimmed, Math.Min(from.Int64(), trimmed.Head + 1));
                break;
            case RecordType.Delete:
                journal.ApplyTombstone(segment, new Tombstone(name, epoch, from.Int32(), from.Int32()));
                break;
            default:
                throw new InvalidDataException(
                    $"{segment.JournalPath} has a record of unknown type {(byte)type} at byte {location}: a newer version wrote it.");
        }
    }
}
