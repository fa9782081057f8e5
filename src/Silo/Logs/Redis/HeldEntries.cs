using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>
/// The newest entries of a stream that passed through this process, whoever appended them: what can be put back
/// should the store lose its last moments. In order, dense, of one epoch. Safe for any thread.
/// </summary>
internal sealed class HeldEntries(TimeSpan hold, int maxBytes)
{
    private readonly Queue<(Entry Entry, long SinceMs)> _entries = new();
    private Position _head = Position.Start;
    private int _bytes;

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
            if (entry.Position.Epoch == _head.Epoch && entry.Position.Offset <= _head.Offset) return;

            _entries.Enqueue((entry, nowMs));
            _head = entry.Position;
            _bytes += entry.Batch.Length;
            Prune(nowMs);
        }
    }

    /// <summary>Lets go of what is old.</summary>
    public void Prune(long nowMs)
    {
        lock (_entries)
        {
            while (_entries.TryPeek(out var oldest) && (nowMs - oldest.SinceMs > hold.TotalMilliseconds || _bytes > maxBytes))
            {
                _entries.Dequeue();
                _bytes -= oldest.Entry.Batch.Length;
            }
        }
    }

    /// <summary>Whether something is held that a store with this head does not have.</summary>
    public bool IsBeyond(Position head)
    {
        lock (_entries) return _entries.Count > 0 && (head.Offset < _head.Offset);
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
            for (var left = _entries.Count; left > 0; left--)
            {
                var held = _entries.Dequeue();
                if (safe.Contains(held.Entry.Position)) _bytes -= held.Entry.Batch.Length;
                else _entries.Enqueue(held);
            }
        }
    }

    public void Clear()
    {
        lock (_entries)
        {
            _entries.Clear();
            _bytes = 0;
            _head = Position.Start;
        }
    }
}
