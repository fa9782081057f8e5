using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>The newest entries of a stream: what is put back into a store that came back without them. Not for concurrent callers.</summary>
internal sealed class HeldEntries
{
    private const long HoldMs = 60_000;
    private const long HoldBytes = 8 << 20;

    private readonly Queue<Entry> _entries = new();
    private Entry? _last;
    private long _bytes;

    /// <summary>The entry before the first one; null = it is not known.</summary>
    public LogHead? Before { get; private set; }

    /// <summary>In order, dense; the last one is the stream's head.</summary>
    public IReadOnlyList<Entry> All => [.. _entries];

    public int Count => _entries.Count;

    /// <param name="before">The entry before it, if that is known.</param>
    public void Add(Entry entry, LogHead? before)
    {
        // Of another epoch that does not follow: what was before it is not for this store any more.
        if (_last is { } last && last.Position.Offset + 1 != entry.Position.Offset) Clear();
        if (_entries.Count == 0) Before = before;
        _entries.Enqueue(entry);
        _last = entry;
        _bytes += entry.Body.Length;
        while (_entries.Count > 1 && (_bytes > HoldBytes || _entries.Peek().AtMs < entry.AtMs - HoldMs)) DropFirst();
    }

    /// <summary>Drops all but the last, and their memory.</summary>
    public void Trim()
    {
        while (_entries.Count > 1) DropFirst();
        _entries.TrimExcess();
    }

    public void Clear()
    {
        _entries.Clear();
        (_bytes, _last) = (0, null);
    }

    private void DropFirst()
    {
        var first = _entries.Dequeue();
        Before = LogHead.Of(first);
        _bytes -= first.Body.Length;
    }
}
