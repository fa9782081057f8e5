using System.Diagnostics;
using System.Globalization;
using System.Text;
using Interactions.LoadTests.Swarm.Native;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Sending;

/// <summary>
/// Senders on one thread. Open-loop, the n-th like is due when <see cref="LikeClock"/> says and goes out then, whatever
/// the service answers; with a window, each connection sends as answers come. Likes and comments are dealt out in turn
/// over streams and over connections.
/// </summary>
internal sealed class SendEngine : IDisposable
{
    private const int BufferBytes = 4 * 1024 * 1024;
    private const int MostAtOnce = 4096;

    private readonly SendPlan _plan;
    private readonly SendConnection[] _connections;
    private readonly Epoll _epoll = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly byte[] _like;
    private readonly string _filler;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool[] _waitsToWrite;
    private LikeClock _clock;
    private long _endTicks;
    private long _nextLike;
    private long _nextComment;
    private volatile bool _runs;
    private volatile bool _stops;

    public SendEngine(SendPlan plan)
    {
        _plan = plan;
        Counts = new SendCounts(plan.Streams);
        _like = Encoding.UTF8.GetBytes($$"""{"type":"reaction","kind":"{{plan.Kind}}","count":1}""");
        _filler = new string('x', Math.Max(0, plan.CommentBytes - 22));
        var ids = Enumerable.Range(0, plan.Streams).Select(s => SwarmPlan.StreamId(plan.Stream, plan.Streams, s)).ToArray();
        var bytes = ids.Select(Encoding.ASCII.GetBytes).ToArray();
        string Host(int i) => plan.Urls[i % plan.Urls.Count].Authority;
        _connections = [.. plan.Tokens.Select((token, i) => plan.Http
            ? (SendConnection)new PostSender(i, Host(i), token, bytes, Counts)
            : new SocketSender(i, Host(i), token, ids[i % ids.Length], Counts))];
        _waitsToWrite = new bool[_connections.Length];
        _thread = new Thread(Run) { IsBackground = true, Name = "senders" };
    }

    public SendCounts Counts { get; }

    public int Unanswered => _connections.Sum(c => c.UnansweredCount);

    /// <summary>Done when every connection is open; fails when one can't be.</summary>
    public Task Opened => _open.Task;

    public void Start() => _thread.Start();

    /// <summary>Sends from the clock's start until <paramref name="endTicks"/>.</summary>
    public void Send(LikeClock clock, long endTicks)
    {
        (_clock, _endTicks) = (clock, endTicks);
        _runs = true;
    }

    /// <summary>Waits until the time is over and all is answered, or nothing more will be.</summary>
    public async Task FinishAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        while (Stopwatch.GetTimestamp() < _endTicks && _thread.IsAlive) await Task.Delay(20, cancellationToken);
        var since = Stopwatch.GetTimestamp();
        while (_thread.IsAlive && Unanswered > 0 && Stopwatch.GetElapsedTime(since) < within) await Task.Delay(20, cancellationToken);
        Stop();
        foreach (var open in _connections.SelectMany(c => c.Open)) Counts.Unknown(open);
    }

    public void Dispose()
    {
        Stop();
        foreach (var connection in _connections)
        {
            if (connection.Socket >= 0) RawSocket.Close(connection.Socket);
        }

        _epoll.Dispose();
    }

    private void Stop()
    {
        _stops = true;
        if (_thread.IsAlive) _thread.Join();
    }

    private void Run()
    {
        try
        {
            Connect();
            while (!_stops) Round();
        }
        catch (Exception broken)
        {
            Counts.LastProblem = broken.ToString();
            Counts.Broken++;
            _open.TrySetException(broken);
        }
    }

    private void Connect()
    {
        var targets = _plan.Urls.Select(url => RawSocket.Resolve(url)).ToArray();
        foreach (var connection in _connections)
        {
            connection.Socket = RawSocket.Connect(targets[connection.Index % targets.Length], connection.Index, 0);
            if (connection.Socket < 0) throw new InvalidOperationException($"A sender's connection failed with system error {-connection.Socket}.");
            _epoll.Add(connection.Socket, connection.Index, Libc.Readable);
            connection.Greet();
            connection.Flush();
            if (connection.HasOutput) WaitToWrite(connection, true);

            // Not faster than the service accepts.
            while (_connections.Count(c => c.Socket >= 0 && !c.IsOpen && c.Problem is null) > 100 && !_stops) Round();
        }
    }

    private void Round()
    {
        if (!_open.Task.IsCompleted && Array.TrueForAll(_connections, c => c.IsOpen)) _open.TrySetResult();
        var wait = 20;
        if (_runs)
        {
            var now = Stopwatch.GetTimestamp();
            wait = _plan.Window > 0 ? Fill(now) : SendDue(now);
        }

        var count = _epoll.Wait(wait);
        for (var i = 0; i < count; i++) Happened(_connections[_epoll.Id(i)], _epoll.Happened(i));
    }

    private void Happened(SendConnection connection, uint what)
    {
        if (connection.Socket < 0) return;
        if ((what & Libc.Writable) != 0) Flush(connection);
        if ((what & (Libc.Readable | Libc.Failed)) != 0) connection.Read(_buffer);
        if (connection.Problem is { } problem)
        {
            Broke(connection, problem);
            return;
        }

        if (_runs && _plan.Window > 0) Refill(connection, Stopwatch.GetTimestamp());
        else Flush(connection);
    }

    private void Broke(SendConnection connection, string problem)
    {
        Counts.Broken++;
        Counts.LastProblem = problem;
        RawSocket.Close(connection.Socket);
        connection.Socket = -1;
        _open.TrySetException(new InvalidOperationException($"A sender could not connect: {problem}"));
    }

    private int SendDue(long now)
    {
        var end = Math.Min(now, _endTicks - 1);
        for (var i = 0; i < MostAtOnce && _plan.LikesPerSecond > 0 && _clock.DueTicks(_nextLike) <= end; i++)
        {
            var stream = (int)(_nextLike % _plan.Streams);
            Send(ConnectionFor(_nextLike), new Unanswered(_clock.DueTicks(_nextLike), stream, false), now);
            _nextLike++;
        }

        for (var i = 0; i < MostAtOnce && _plan.CommentsPerSecond > 0 && CommentDue(_nextComment) <= end; i++)
        {
            var stream = (int)(_nextComment % _plan.Streams);
            Send(ConnectionFor(_nextComment), new Unanswered(CommentDue(_nextComment), stream, true), now);
            _nextComment++;
        }

        var next = Math.Min(
            _plan.LikesPerSecond > 0 ? _clock.DueTicks(_nextLike) : long.MaxValue,
            _plan.CommentsPerSecond > 0 ? CommentDue(_nextComment) : long.MaxValue);
        if (next >= _endTicks) return 20;
        return (int)Math.Clamp(((next - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency) + 1, 0, 20);
    }

    private long CommentDue(long n) => _clock.StartTicks + (long)(n / _plan.CommentsPerSecond * Stopwatch.Frequency);

    private SendConnection ConnectionFor(long n) => _connections[n % _connections.Length];

    private void Send(SendConnection connection, in Unanswered what, long now)
    {
        if (what.DueTicks >= Counts.MeasuredFromTicks) Counts.Lateness.Record((now - what.DueTicks) / (Stopwatch.Frequency / 1_000_000));
        Write(connection, what);
        Flush(connection);
    }

    private int Fill(long now)
    {
        // Wakes everyone once; from then on answers do.
        if (now < _clock.StartTicks) return 1;
        if (_nextLike > 0) return 5;
        foreach (var connection in _connections) Refill(connection, now);
        return 0;
    }

    private void Refill(SendConnection connection, long now)
    {
        while (now >= _clock.StartTicks && now < _endTicks && connection.Socket >= 0 && connection.UnansweredCount < _plan.Window)
        {
            var n = _nextLike++;
            var stream = _plan.Http ? (int)(n / 2 % _plan.Streams) : connection.Index % _plan.Streams;
            Write(connection, new Unanswered(now, stream, n % 2 == 1));
        }

        Flush(connection);
    }

    private void Write(SendConnection connection, in Unanswered what)
    {
        if (what.IsComment) Counts.CommentsSent++;
        else Counts.LikesSent++;
        if (connection.Socket < 0) return;
        connection.Send(what, what.IsComment ? Comment(what.DueTicks) : _like);
    }

    private byte[] Comment(long dueTicks)
    {
        var key = _plan.Keys ? string.Create(CultureInfo.InvariantCulture, $",\"key\":\"k{Counts.CommentsSent:x}\"") : "";
        return Encoding.ASCII.GetBytes($"{{\"type\":\"comment\",\"text\":\"{CommentStamp.Write(dueTicks, _filler)}\"{key}}}");
    }

    private void Flush(SendConnection connection)
    {
        if (connection.Socket < 0) return;
        connection.Flush();
        WaitToWrite(connection, connection.HasOutput);
    }

    private void WaitToWrite(SendConnection connection, bool waits)
    {
        if (_waitsToWrite[connection.Index] == waits) return;
        _waitsToWrite[connection.Index] = waits;
        _epoll.Change(connection.Socket, connection.Index, waits ? Libc.Readable | Libc.Writable : Libc.Readable);
    }
}
