namespace Interactions.Frontend.Fanout;

/// <summary>
/// One tick's way through the cursors: those who keep up, then those who are listed as behind, in shards of which each
/// is claimed by one worker. Those behind stand at places of <see cref="TickFrames.Others"/>, so no cursor is in two shards
/// that have something for it. The tick's own thread takes part, so it never waits for a worker to become free.
/// </summary>
internal sealed class Delivery(TickFrames tick, Cursor[] everyone, int count, List<Cursor>? behind, int nowMs) : IFanoutWork
{
    /// <summary>Some milliseconds of sending at the most; below this a second worker costs more than it saves.</summary>
    public const int ShardSize = 256;

    private readonly int _all = count + (behind?.Count ?? 0);
    private readonly object _gate = new();
    private int _claimed;
    private int _left = (count + (behind?.Count ?? 0) + ShardSize - 1) / ShardSize;
    private SentCount _sent;
    private Exception? _failed;

    public int Shards { get; } = (count + (behind?.Count ?? 0) + ShardSize - 1) / ShardSize;

    /// <summary>Returns when every shard is delivered.</summary>
    /// <exception cref="InvalidOperationException">A frame could not be encoded; some have it and some have not.</exception>
    public SentCount Run(FanoutCrew crew)
    {
        var helpers = Math.Min(Shards, FanoutCrew.Size) - 1;
        for (var i = 0; i < helpers; i++) crew.Run(this);
        Work();
        lock (_gate)
        {
            while (_left > 0) Monitor.Wait(_gate);
        }

        if (_failed is not null) throw new InvalidOperationException("A frame could not be delivered.", _failed);
        return _sent;
    }

    public void Work()
    {
        while (true)
        {
            var shard = Interlocked.Increment(ref _claimed) - 1;
            if (shard >= Shards) return;
            SentCount sent = default;
            try
            {
                Deliver(shard * ShardSize, Math.Min(_all, (shard + 1) * ShardSize), ref sent);
            }
            catch (Exception failed)
            {
                _failed = failed;
            }

            lock (_gate)
            {
                _sent.Add(sent);
                if (--_left == 0) Monitor.Pulse(_gate);
            }
        }
    }

    private void Deliver(int from, int to, ref SentCount sent)
    {
        if (tick.Shared is { } shared)
        {
            foreach (var cursor in everyone.AsSpan(Math.Min(from, count), Math.Max(0, Math.Min(to, count) - from)))
            {
                if (cursor.Scope != FrameScope.Shared || cursor.IsPaced) continue;
                var size = cursor.Offer(shared, tick.From, nowMs);
                if (size > 0) sent.Add(cursor.Transport, size);
            }
        }

        if (tick.Others is null) return;
        for (var i = Math.Max(from, count); i < to; i++)
        {
            var cursor = behind![i - count];
            var place = cursor.Position;
            if (!tick.Others.TryGetValue((place, cursor.CommentBytes), out var packet)) continue; // it has stalled since
            var size = cursor.Offer(packet, place, nowMs);
            if (size > 0) sent.Add(cursor.Transport, size);
        }
    }
}
