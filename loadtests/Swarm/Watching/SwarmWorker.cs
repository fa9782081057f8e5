using System.Collections.Concurrent;
using System.Diagnostics;
using Interactions.LoadTests.Swarm.Native;
using Interactions.LoadTests.Swarm.Protocols;

namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>
/// One thread with an epoll of its own and its share of the viewers. Bytes are read into one buffer for all of them; a
/// viewer holds bytes only while half a message has come. Commands are run between two rounds.
/// </summary>
internal sealed class SwarmWorker : IDisposable
{
    private const int BufferBytes = 512 * 1024;
    private const int LongestWaitMs = 20;
    private const int ReadsADrip = 8;

    private readonly SwarmPlan _plan;
    private readonly Viewer[] _viewers;
    private readonly System.Net.IPEndPoint[] _targets;
    private readonly WireProtocol[] _protocols;
    private readonly FrameMemo _memo;
    private readonly ViewerCheck _check;
    private readonly Epoll _epoll = new();
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly PriorityQueue<Viewer, long> _waiting = new();
    private readonly List<Viewer> _dripping = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly Random _random = new();
    private readonly Thread _thread;
    private Expectation? _expected;
    private int _inFlight;
    private long _nextSecond;
    private long _nextKeepAlive;
    private double _allowance;
    private long _allowanceAt;
    private volatile bool _stops;

    public SwarmWorker(SwarmPlan plan)
    {
        _plan = plan;
        _targets = [.. plan.Urls.Select(u => RawSocket.Resolve(new Uri(u)))];
        _protocols = [.. plan.Urls.Select(u => WireProtocol.Of(plan.Protocol, new Uri(u).Authority))];
        var scan = new FrameScan(plan.Kinds);
        _memo = new FrameMemo(scan);
        _check = new ViewerCheck(Counts);
        _viewers = [.. Enumerable.Range(plan.First, plan.Viewers).Select(Make)];
        _dripping.AddRange(_viewers.Where(v => v.Pace == ViewerPace.Dripping));
        Counts.Viewers = _viewers.Length;
        foreach (var viewer in _viewers) _waiting.Enqueue(viewer, 0);
        _thread = new Thread(Run) { IsBackground = true, Name = "swarm" };
    }

    public SwarmCounts Counts { get; } = new();

    /// <summary>Why the thread ended without being told to.</summary>
    public Exception? Broken { get; private set; }

    public void Start() => _thread.Start();

    public void Measure(LikeClock clock, long fromTicks) => _commands.Enqueue(() => _check.StartMeasuring(clock, fromTicks));

    /// <summary>From now on <see cref="SwarmCounts.Lacking"/> says how many viewers are not there.</summary>
    public void Expect(Expectation expected) => _commands.Enqueue(() =>
    {
        _expected = expected;
        Judge();
    });

    /// <summary>Resets every connection at once; all come back from their positions.</summary>
    public void Cut() => _commands.Enqueue(() =>
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var viewer in _viewers)
        {
            if (viewer.Socket < 0) continue;
            Release(viewer, reset: true);
            if (viewer.CutAt == 0) Counts.Cut++;
            viewer.CutAt = now;
            _waiting.Enqueue(viewer, now);
        }
    });

    public void Dispose()
    {
        _stops = true;
        if (_thread.IsAlive) _thread.Join();
        foreach (var viewer in _viewers)
        {
            if (viewer.Socket >= 0) RawSocket.Reset(viewer.Socket);
        }

        _epoll.Dispose();
    }

    private Viewer Make(int index)
    {
        var stream = index % _plan.Streams;
        var id = SwarmPlan.StreamId(_plan.Stream, _plan.Streams, stream);
        return new Viewer
        {
            Index = index,
            Stream = stream,
            StreamId = id,
            Path = _plan.Path.Replace("{stream}", id, StringComparison.Ordinal),
            Pace = _plan.PaceOf(index),
        };
    }

    private WireProtocol ProtocolOf(Viewer viewer) => _protocols[viewer.Index % _protocols.Length];

    private void Run()
    {
        try
        {
            while (!_stops) Round();
        }
        catch (Exception broken)
        {
            Broken = broken;
            Counts.LastProblem = broken.Message;
        }
    }

    private void Round()
    {
        while (_commands.TryDequeue(out var command)) command();
        var now = Stopwatch.GetTimestamp();
        if (now >= _nextSecond) EverySecond(now);
        var more = ConnectDue(now);
        foreach (var viewer in _dripping)
        {
            if (viewer.State != ViewerState.Open || viewer.DueAt > now) continue;
            viewer.DueAt = now + (Stopwatch.Frequency / ReadsADrip);
            Read(viewer, _plan.DripBytesPerSecond / ReadsADrip);
        }

        var count = _epoll.Wait(more ? 0 : LongestWaitMs);
        for (var i = 0; i < count; i++) Happened(_viewers[_epoll.Id(i)], _epoll.Happened(i));
    }

    private void EverySecond(long now)
    {
        _nextSecond = now + Stopwatch.Frequency;
        Counts.RecentP99Ms = _check.TakeRecentP99Ms();
        Judge();
        if (now < _nextKeepAlive) return;
        _nextKeepAlive = now + (10 * Stopwatch.Frequency);
        foreach (var viewer in _viewers)
        {
            if (viewer.State == ViewerState.Open && viewer.Pace == ViewerPace.Healthy && ProtocolOf(viewer).KeepAlive is { } bytes) Send(viewer, bytes);
        }
    }

    private void Judge()
    {
        if (_expected is not { } expected) return;
        var (lacking, other) = (0, 0);
        foreach (var viewer in _viewers)
        {
            if (viewer.Pace != ViewerPace.Healthy) continue;
            var followsComments = expected.Comments is not null && viewer.Snapshots <= 1;
            if (viewer.Sums[0] != expected.Likes[viewer.Stream] || (followsComments && viewer.Comments != expected.Comments![viewer.Stream])) lacking++;
            else if (followsComments && viewer.Missed == 0 && viewer.CommentHashes != expected.CommentHashes![viewer.Stream]) other++;
        }

        (Counts.Lacking, Counts.OtherComments, Counts.Judged) = (lacking, other, _viewers.Length);
    }

    /// <returns>Whether more could be connected at once.</returns>
    private bool ConnectDue(long now)
    {
        if (_waiting.Count == 0) return false;
        if (_plan.ConnectsPerSecond > 0)
        {
            _allowance = Math.Min(_allowance + ((now - _allowanceAt) * (double)_plan.ConnectsPerSecond / Stopwatch.Frequency), _plan.ConnectsPerSecond / 20.0 + 1);
            _allowanceAt = now;
        }

        // A few at a time, so that those who are connected are read meanwhile.
        for (var i = 0; i < 64; i++)
        {
            if (_inFlight >= _plan.InFlight || !_waiting.TryPeek(out var viewer, out var due) || due > now) return false;
            if (_plan.ConnectsPerSecond > 0 && --_allowance < 0)
            {
                _allowance = 0;
                return false;
            }

            _waiting.Dequeue();
            Connect(viewer);
        }

        return true;
    }

    private void Connect(Viewer viewer)
    {
        viewer.ConnectedAt = Stopwatch.GetTimestamp();
        (viewer.IsOpen, viewer.IsShown, viewer.Refusal, viewer.Stage, viewer.Mode, viewer.PartialLength) = (false, false, 0, 0, 0, 0);
        var buffer = viewer.Pace == ViewerPace.Healthy ? 0 : _plan.SlowReceiveBufferBytes;
        var fd = RawSocket.Connect(_targets[viewer.Index % _targets.Length], viewer.Index, buffer);
        if (fd < 0)
        {
            Failed(viewer, $"connecting failed with system error {-fd}");
            return;
        }

        viewer.Socket = fd;
        viewer.State = ViewerState.Connecting;
        _inFlight++;
        _epoll.Add(fd, viewer.Index - _plan.First, Libc.Readable | Libc.Writable);
        Open(viewer);
    }

    /// <summary>On the same machine a connection stands at once; elsewhere this is tried again when it does.</summary>
    private void Open(Viewer viewer)
    {
        var opening = ProtocolOf(viewer).Opening(viewer);
        var sent = RawSocket.Send(viewer.Socket, opening);
        if (opening.Length > 0 && sent == 0) return;
        if (sent < opening.Length)
        {
            Lost(viewer);
            return;
        }

        viewer.State = ViewerState.Opening;
        _epoll.Change(viewer.Socket, viewer.Index - _plan.First, Libc.Readable);
        if (viewer.IsOpen) Opened(viewer);
    }

    private void Opened(Viewer viewer)
    {
        viewer.State = ViewerState.Open;
        _inFlight--;
        Counts.Open++;
        if (viewer.Pace != ViewerPace.Dripping) return;
        _epoll.Change(viewer.Socket, viewer.Index - _plan.First, 0);
        viewer.DueAt = Stopwatch.GetTimestamp() + _random.NextInt64(Stopwatch.Frequency / ReadsADrip);
    }

    private void Happened(Viewer viewer, uint what)
    {
        if (viewer.Socket < 0) return;
        if (viewer.State == ViewerState.Connecting && (what & Libc.Failed) == 0) Open(viewer);
        else if ((what & Libc.Readable) != 0) Read(viewer, BufferBytes);
        else if ((what & Libc.Failed) != 0) Lost(viewer);
    }

    private void Read(Viewer viewer, int most)
    {
        var start = viewer.PartialLength;
        if (start > 0) viewer.Partial.AsSpan(0, start).CopyTo(_buffer);
        if (start >= BufferBytes) throw new InvalidOperationException($"A message is larger than {BufferBytes} bytes.");
        var count = RawSocket.Receive(viewer.Socket, _buffer.AsSpan(start, Math.Min(most, BufferBytes - start)));
        if (count == RawSocket.Nothing) return;
        if (count == RawSocket.Gone)
        {
            Lost(viewer);
            return;
        }

        Counts.Bytes += count;
        try
        {
            Take(viewer, _buffer.AsSpan(0, start + count));
        }
        catch (FormatException unreadable)
        {
            Counts.Unreadable++;
            Counts.LastProblem = unreadable.Message;
            Lost(viewer);
        }
    }

    private void Take(Viewer viewer, ReadOnlySpan<byte> bytes)
    {
        var protocol = ProtocolOf(viewer);
        while (viewer.State != ViewerState.Open)
        {
            var used = protocol.Handshake(viewer, bytes, out var reply);
            bytes = bytes[used..];
            if (viewer.Refusal != 0)
            {
                Refused(viewer);
                return;
            }

            if (reply is not null) Send(viewer, reply);
            if (viewer.Socket < 0) return;
            if (viewer.IsOpen) Opened(viewer);
            else if (used == 0) break;
        }

        if (viewer.State != ViewerState.Open)
        {
            Hold(viewer, bytes);
            return;
        }

        if (bytes.IsEmpty)
        {
            viewer.PartialLength = 0;
            return;
        }

        var batch = _memo.Find(bytes, viewer.Mode);
        var whole = bytes.Length;
        if (batch is null)
        {
            batch = _memo.Blank();
            whole = protocol.Parse(viewer.Mode, bytes, batch);
            if (whole == bytes.Length) _memo.Keep(bytes, viewer.Mode);
        }

        Hold(viewer, bytes[whole..]);
        Show(viewer, batch);
    }

    private void Show(Viewer viewer, MessageBatch batch)
    {
        var now = Stopwatch.GetTimestamp();
        var utc = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var said = batch.Ends;
        foreach (var message in batch.Messages)
        {
            _check.Shown(viewer, message, now, utc);
            said |= message.Sort == MessageSort.Bye;
        }

        if (viewer.Pace == ViewerPace.Stalled && viewer.IsShown) _epoll.Change(viewer.Socket, viewer.Index - _plan.First, 0);
        if (batch.Reply is { } reply) Send(viewer, reply);
        if (said) Lost(viewer);
    }

    private static void Hold(Viewer viewer, ReadOnlySpan<byte> rest)
    {
        viewer.PartialLength = rest.Length;
        if (rest.IsEmpty)
        {
            viewer.Partial = null;
            return;
        }

        if (viewer.Partial is null || viewer.Partial.Length < rest.Length) viewer.Partial = new byte[rest.Length];
        rest.CopyTo(viewer.Partial);
    }

    private void Send(Viewer viewer, byte[] bytes)
    {
        if (viewer.Socket >= 0 && RawSocket.Send(viewer.Socket, bytes) < bytes.Length && viewer.Pace == ViewerPace.Healthy) Lost(viewer);
    }

    /// <summary>Its connection ended and the swarm did not end it: it comes back after a moment.</summary>
    private void Lost(Viewer viewer)
    {
        if (viewer.State == ViewerState.Open) Counts.CutOff++;
        else Counts.ConnectFailures++;
        Release(viewer, reset: false);
        Again(viewer, 100, 500);
    }

    private void Refused(Viewer viewer)
    {
        var busy = viewer.Refusal is 503 or 429;
        if (busy) Counts.Busy++;
        else Counts.LastProblem = $"a viewer was refused with {viewer.Refusal}";
        Release(viewer, reset: false);
        if (busy)
        {
            Again(viewer, 500, 1500);
            return;
        }

        viewer.State = ViewerState.Refused;
        Counts.Refused++;
    }

    private void Failed(Viewer viewer, string problem)
    {
        Counts.ConnectFailures++;
        Counts.LastProblem = problem;
        Again(viewer, 500, 1000);
    }

    private void Again(Viewer viewer, int fromMs, int toMs)
    {
        if (_plan.Reconnects) _waiting.Enqueue(viewer, Stopwatch.GetTimestamp() + (_random.Next(fromMs, toMs) * Stopwatch.Frequency / 1000));
    }

    private void Release(Viewer viewer, bool reset)
    {
        if (viewer.Socket < 0) return;
        if (reset) RawSocket.Reset(viewer.Socket);
        else RawSocket.Close(viewer.Socket);
        if (viewer.State == ViewerState.Open) Counts.Open--;
        else _inFlight--;
        if (viewer.IsShown) Counts.Shown--;
        viewer.IsShown = false;
        viewer.Socket = -1;
        viewer.State = ViewerState.Closed;
        viewer.Partial = null;
        viewer.PartialLength = 0;
    }
}
