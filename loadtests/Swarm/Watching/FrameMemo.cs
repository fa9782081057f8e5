namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>
/// Remembers the bytes that a thread last scanned and what was in them: viewers of one stream are sent the same bytes,
/// and comparing them costs a hundredth of scanning them.
/// </summary>
internal sealed class FrameMemo(FrameScan scan)
{
    private const int Entries = 4;
    private const int MostBytes = 64 * 1024;

    private readonly (byte[] Bytes, int Length, int Mode, MessageBatch Batch)[] _entries =
        [.. Enumerable.Range(0, Entries).Select(_ => (new byte[1024], -1, 0, new MessageBatch(scan)))];

    private int _next;

    /// <param name="mode">What else decides how bytes are read.</param>
    public MessageBatch? Find(ReadOnlySpan<byte> bytes, int mode)
    {
        for (var i = 0; i < Entries; i++)
        {
            ref var entry = ref _entries[i];
            if (entry.Length == bytes.Length && entry.Mode == mode && bytes.SequenceEqual(entry.Bytes.AsSpan(0, entry.Length))) return entry.Batch;
        }

        return null;
    }

    /// <summary>A batch to scan into that <see cref="Keep"/> may keep next.</summary>
    public MessageBatch Blank()
    {
        ref var entry = ref _entries[_next];
        entry.Length = -1;
        entry.Batch.Clear();
        return entry.Batch;
    }

    /// <summary>Keeps the batch that <see cref="Blank"/> gave as what is in <paramref name="bytes"/>.</summary>
    public void Keep(ReadOnlySpan<byte> bytes, int mode)
    {
        if (bytes.Length > MostBytes) return;
        ref var entry = ref _entries[_next];
        if (entry.Bytes.Length < bytes.Length) entry.Bytes = new byte[bytes.Length * 2];
        bytes.CopyTo(entry.Bytes);
        (entry.Length, entry.Mode) = (bytes.Length, mode);
        _next = (_next + 1) % Entries;
    }
}
