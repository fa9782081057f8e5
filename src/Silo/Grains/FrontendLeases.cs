using Interactions.Contracts;
using Interactions.Contracts.Grains;

namespace Interactions.Silo.Grains;

/// <summary>
/// Which frontends this silo hears of, and which of its streams concern each: one timer for all streams. A frontend that was not
/// heard of for 10 s is gone; each call of it is heard. Safe for any thread.
/// </summary>
internal sealed class FrontendLeases : IDisposable
{
    private const long GoneAfterMs = 10_000;
    private const long QuietAfterMs = 3_000;

    /// <summary>Of pushes to a frontend that it has not confirmed: Orleans queues without limit what a connection does not take.</summary>
    private const long MostWaitingBytes = 8 << 20;

    /// <summary>After so much a frontend is sent a mark, which it confirms at once.</summary>
    private const long MarkEveryBytes = 1 << 20;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Frontend> _frontends = new(StringComparer.Ordinal);
    private readonly string _silo;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _lookedMs;

    /// <summary>To all frontends. Each one's count begins here, so a mark of a lease that ended confirms nothing in a later one.</summary>
    private long _pushedBytes;

    /// <param name="silo">This silo, as frontends name it.</param>
    public FrontendLeases(string silo, TimeProvider time)
    {
        (_silo, _time) = (silo, time);
        _lookedMs = NowMs;
        _timer = time.CreateTimer(static leases => ((FrontendLeases)leases!).Look(), this, LookEvery, LookEvery);
    }

    private long NowMs => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    /// <summary>The frontend called.</summary>
    public void Heard(string frontend)
    {
        lock (_gate) Find(frontend).HeardMs = NowMs;
    }

    /// <summary>Whether the frontend has ever called this silo, and is not gone.</summary>
    public bool IsKnown(string frontend)
    {
        lock (_gate) return _frontends.TryGetValue(frontend, out var known) && known.HeardMs is not null;
    }

    /// <summary>The frontend called, and everything up to that mark has reached it.</summary>
    /// <returns>The mark that it is to be sent; null = it has confirmed everything.</returns>
    public PushMark? Renew(string frontend, long received)
    {
        lock (_gate)
        {
            var known = Find(frontend);
            known.HeardMs = NowMs;
            known.ConfirmedBytes = Math.Clamp(received, known.ConfirmedBytes, known.PushedBytes);
            return known.PushedBytes > received ? Mark(known) : null;
        }
    }

    /// <summary>Counts a push, if the frontend called in the last 3 s and less than 8 MB of pushes wait for it.</summary>
    /// <param name="mark">What the frontend is to be sent after it; null = nothing.</param>
    public bool TryPush(string frontend, int bytes, out PushMark? mark)
    {
        mark = null;
        lock (_gate)
        {
            if (!_frontends.TryGetValue(frontend, out var known) || !(NowMs - known.HeardMs <= QuietAfterMs)) return false;
            if (known.PushedBytes - known.ConfirmedBytes >= MostWaitingBytes) return false;
            known.PushedBytes += bytes;
            _pushedBytes += bytes;
            if (known.PushedBytes - known.MarkedBytes >= MarkEveryBytes) mark = Mark(known);
            return true;
        }
    }

    /// <summary>The stream counts viewers of the frontend, or pushes to it: it is told when the frontend is gone.</summary>
    public void Add(string frontend, ILeaseHolder stream)
    {
        lock (_gate) Find(frontend).Streams[stream.Id] = stream;
    }

    public void Remove(string frontend, ILeaseHolder stream)
    {
        lock (_gate)
        {
            if (!_frontends.TryGetValue(frontend, out var known)) return;
            if (known.Streams.TryGetValue(stream.Id, out var held) && held == stream) known.Streams.Remove(stream.Id);
            known.Moved.Remove(stream.Id);
        }
    }

    /// <summary>The stream stands there; who subscribes to it hears so with its next lease, should the push be lost.</summary>
    public void Moved(string stream, Position head)
    {
        lock (_gate)
        {
            foreach (var known in _frontends.Values)
            {
                if (known.Streams.ContainsKey(stream)) known.Moved[stream] = head;
            }
        }
    }

    /// <summary>What moved since the frontend asked the last time.</summary>
    public IReadOnlyList<FeedHead> Take(string frontend)
    {
        lock (_gate)
        {
            if (!_frontends.TryGetValue(frontend, out var known) || known.Moved.Count == 0) return [];
            FeedHead[] heads = [.. known.Moved.Select(one => new FeedHead(one.Key, one.Value))];
            known.Moved.Clear();
            return heads;
        }
    }

    /// <summary>The frontend said goodbye.</summary>
    public void Left(string frontend)
    {
        Frontend? gone;
        lock (_gate) _frontends.Remove(frontend, out gone);
        gone?.Tell(frontend);
    }

    public void Dispose() => _timer.Dispose();

    private PushMark Mark(Frontend known) => new(_silo, known.MarkedBytes = known.PushedBytes);

    // A frontend that a stream remembers and that never called has its time from when the stream began to wait for it.
    private Frontend Find(string frontend)
    {
        if (!_frontends.TryGetValue(frontend, out var known)) _frontends[frontend] = known = new Frontend(NowMs, _pushedBytes);
        return known;
    }

    private void Look()
    {
        List<(string Id, Frontend Frontend)>? gone = null;
        lock (_gate)
        {
            // A process that stood still has not heard what was said meanwhile: it waits for as long again.
            var now = NowMs;
            var stoodStill = now - _lookedMs > QuietAfterMs ? now - _lookedMs : 0;
            _lookedMs = now;
            foreach (var known in _frontends.Values) known.Forgive(stoodStill);
            foreach (var (id, known) in _frontends)
            {
                if (now - (known.HeardMs ?? known.SinceMs) >= GoneAfterMs) (gone ??= []).Add((id, known));
            }

            foreach (var (id, _) in gone ?? []) _frontends.Remove(id);
        }

        foreach (var (id, frontend) in gone ?? []) frontend.Tell(id);
    }

    private sealed class Frontend(long sinceMs, long pushedBytes)
    {
        public long SinceMs { get; private set; } = sinceMs;

        public long PushedBytes { get; set; } = pushedBytes;

        public long MarkedBytes { get; set; } = pushedBytes;

        public long ConfirmedBytes { get; set; } = pushedBytes;

        public long? HeardMs { get; set; }

        public void Forgive(long ms) => (SinceMs, HeardMs) = (SinceMs + ms, HeardMs + ms);

        public Dictionary<string, ILeaseHolder> Streams { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Position> Moved { get; } = new(StringComparer.Ordinal);

        public void Tell(string id)
        {
            foreach (var stream in Streams.Values) stream.Gone(id);
        }
    }
}
