using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>
/// The newest entries of a stream that passed through this process, whoever appended them: what can be put back
/// should the store lose its last moments. By lives of the store, in each by offset. Safe for any thread.
/// </summary>
internal sealed class HeldEntries(TimeSpan hold, int maxBytes)
{
    private readonly LinkedList<Held> _entries = [];
    private Position _head = Position.Start;
    private long _newestMs;
    private long _bytes;

    /// <summary>From here to the head nothing is missing.</summary>
    private long _denseFrom;

    public bool IsEmpty
    {
        get
        {
            lock (_entries) return _entries.Count == 0;
        }
    }

    public void Add(Entry entry, long nowMs)
    {
        lock (_entries)
        {
            if (!TryPlace(entry, out var before)) return;
            var held = new Held(entry, nowMs);
            if (before is not null) _entries.AddAfter(before, held);
            else _entries.AddFirst(held);
            _newestMs = Math.Max(_newestMs, entry.AtMs);
            _bytes += entry.Batch.Length;
            LetGo(nowMs);
        }
    }

    /// <summary>Lets go of what is old.</summary>
    public void Prune(long nowMs)
    {
        lock (_entries) LetGo(nowMs);
    }

    /// <summary>Whether something may be held that a store with this head does not have.</summary>
    public bool IsBeyond(Position head)
    {
        lock (_entries) return _entries.First is { } first && (head.Offset < _head.Offset || head.Epoch != _head.Epoch || first.Value.Entry.Position.Epoch != head.Epoch);
    }

    public Entry[] All()
    {
        lock (_entries) return [.. _entries.Select(held => held.Entry)];
    }

    /// <summary>Lets go of entries that are safe in another life of the store.</summary>
    public void Forget(HashSet<Position> safe)
    {
        lock (_entries)
        {
            for (var node = _entries.First; node is not null;)
            {
                var next = node.Next;
                if (safe.Contains(node.Value.Entry.Position)) Remove(node);
                node = next;
            }
        }
    }

    public void Clear()
    {
        lock (_entries)
        {
            _entries.Clear();
            (_head, _newestMs, _bytes, _denseFrom) = (Position.Start, 0, 0, 0);
        }
    }

    // Under the lock. False: it is held, or was, or is of an earlier life. Entries come twice (answered and pushed), and
    // a push may overtake an answer.
    private bool TryPlace(Entry entry, out LinkedListNode<Held>? before)
    {
        var (epoch, offset) = entry.Position;
        before = _entries.Last;
        if (epoch != _head.Epoch)
        {
            // Log time never goes back, so this is how an old entry that someone reads is told from a new life's first.
            if (entry.AtMs < _newestMs || _entries.Any(held => held.Entry.Position.Epoch == epoch)) return false;
            (_head, _denseFrom) = (entry.Position, offset);
            return true;
        }

        if (offset > _head.Offset)
        {
            if (offset != _head.Offset + 1) _denseFrom = offset;
            _head = entry.Position;
            return true;
        }

        // Only where something is missing before the newest ones does it pay to look.
        if (offset >= _denseFrom || _entries.First is not { } first) return false;
        if (first.Value.Entry.Position is var oldest && oldest.Epoch == epoch && offset < oldest.Offset) return false;
        while (before is not null && before.Value.Entry.Position.Epoch == epoch && before.Value.Entry.Position.Offset > offset) before = before.Previous;
        return before is null || before.Value.Entry.Position != entry.Position;
    }

    private void LetGo(long nowMs)
    {
        while (_entries.First is { } oldest && (nowMs - oldest.Value.SinceMs > hold.TotalMilliseconds || _bytes > maxBytes)) Remove(oldest);
    }

    private void Remove(LinkedListNode<Held> node)
    {
        _bytes -= node.Value.Entry.Batch.Length;
        _entries.Remove(node);
    }

    private readonly record struct Held(Entry Entry, long SinceMs);
}
