namespace Interactions.Silo.Logs.File;

/// <summary>
/// What a sealed segment holds, so that a start need not read it. It can always be made again from the segment.
/// </summary>
/// <remarks>
/// <code>
/// [magic i64][length of the segment i64]
/// [tombstones i32] of [stream name][epoch name][born i32][until i32]
/// [streams i32] of
///   [stream name][epoch name][first kept i64][head i64][at i64][first i64]
///   [entries i32] of [location i64]
///   [producers i32] of [producer name][sequence i64][offset i64][at i64]
///   [snapshots i32] of [offset i64][at i64][location i64]
/// [crc32c u32]
/// </code>
/// </remarks>
internal static class SegmentIndexFile
{
    private const long Magic = 0x3158_4449_4f4c_4953; // "SILOIDX1"
    private const int CrcBytes = 4;

    /// <summary>Writes the file whole or not at all, and moves the streams' locations there.</summary>
    public static void Write(Segment segment, long length, IReadOnlyCollection<StreamIndex> streams)
    {
        var to = new ByteWriter(1 << 16);
        to.Int64(Magic);
        to.Int64(length);
        to.Int32(segment.Tombstones.Count);
        foreach (var tombstone in segment.Tombstones)
        {
            to.Name(tombstone.Stream);
            to.Name(tombstone.Epoch);
            to.Int32(tombstone.Born);
            to.Int32(tombstone.Until);
        }

        to.Int32(streams.Count);
        var locationsAt = new List<long>(streams.Count);
        foreach (var stream in streams) locationsAt.Add(Stream(to, segment, stream));
        to.UInt32(Crc32C.Compute(to.Written));

        var temporary = segment.IndexPath + ".tmp";
        using (var file = System.IO.File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, to.Written, 0);
            RandomAccess.FlushToDisk(file);
        }

        System.IO.File.Move(temporary, segment.IndexPath, overwrite: true);
        foreach (var (stream, at) in streams.Zip(locationsAt)) stream.Seal(segment.Id, at);
    }

    /// <returns>False when there is none, or it is not sound.</returns>
    public static bool TryLoad(Journal journal, Segment segment, NamePool names)
    {
        if (!System.IO.File.Exists(segment.IndexPath)) return false;
        var bytes = System.IO.File.ReadAllBytes(segment.IndexPath);
        if (bytes.Length < 16 + CrcBytes || BitConverter.ToUInt32(bytes, bytes.Length - CrcBytes) != Crc32C.Compute(bytes.AsSpan(..^CrcBytes)))
            return false;

        var from = new ByteReader(bytes, names);
        if (from.Int64() != Magic || from.Int64() != new FileInfo(segment.JournalPath).Length) return false;
        for (var i = from.Int32(); i > 0; i--)
            journal.ApplyTombstone(segment, new Tombstone(from.Name(), from.Name(), from.Int32(), from.Int32()));
        for (var i = from.Int32(); i > 0; i--) LoadStream(journal, segment, ref from);
        return true;
    }

    private static long Stream(ByteWriter to, Segment segment, StreamIndex stream)
    {
        to.Name(stream.Name);
        to.Name(stream.Epoch);
        to.Int64(stream.First);
        to.Int64(stream.Head);
        to.Int64(stream.LastAtMs);
        to.Int64(stream.ActiveFirst);
        to.Int32(stream.ActiveCount);
        var locationsAt = to.Length;
        stream.WriteLocations(to);

        to.Int32(stream.Producers.All.Count);
        foreach (var (producer, state) in stream.Producers.All)
        {
            to.Name(producer);
            to.Int64(state.Sequence);
            to.Int64(state.Offset);
            to.Int64(state.AtMs);
        }

        var countAt = to.Length;
        to.Int32(0);
        var count = 0u;
        foreach (var held in new[] { stream.Snapshots.SecondNewest, stream.Snapshots.Newest })
        {
            if (held is not { } snapshot || snapshot.Value.Segment != segment.Id) continue;
            to.Int64(snapshot.Offset);
            to.Int64(snapshot.AtMs);
            to.Int64(snapshot.Value.Location);
            count++;
        }

        to.Patch(countAt, count);
        return locationsAt;
    }

    private static void LoadStream(Journal journal, Segment segment, ref ByteReader from)
    {
        var stream = journal.Life(segment, from.Name(), from.Name());
        var firstKept = from.Int64();
        var head = from.Int64();
        var atMs = from.Int64();
        var first = from.Int64();
        var count = from.Int32();
        if (count == 0)
        {
            if (stream.Head < head) stream.SkipTo(head, atMs, journal.Release);
        }
        else
        {
            if (stream.Head != first - 1) stream.SkipTo(first - 1, atMs, journal.Release);
            stream.AddSealed(new Slice(segment.Id, first, count, from.At), atMs);
            segment.Live += count;
            from.Take(count * Slice.LocationBytes);
        }

        stream.TrimTo(firstKept, journal.Release);
        stream.Producers.Clear();
        for (var i = from.Int32(); i > 0; i--)
            stream.Producers.Set(from.Name(), new ProducerState(from.Int64(), from.Int64(), from.Int64()));
        for (var i = from.Int32(); i > 0; i--)
            journal.PutSnapshot(stream, from.Int64(), from.Int64(), new StoredSnapshot(segment.Id, from.Int64()));
    }
}
