using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Interactions.LoadTests.Measuring;
using Interactions.Silo.Logs.Redis;

namespace Interactions.InProcess.LogCeiling;

/// <summary>The log traffic of one stream that many nodes have open: as many appenders, as many tails. Two threads do all of it.</summary>
internal sealed class HotRoomLog : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(10);

    private readonly List<RespConnection> _connections = [];
    private readonly RespConnection _asking;
    private readonly Appender[] _appenders;
    private readonly Tail[] _tails;
    private readonly string _stream;
    private readonly Thread _tailing;
    private volatile bool _closing;
    private Histogram _pushes = new();
    private long _pushed;

    public HotRoomLog(string host, int port, string stream, int nodes, int batchBytes)
    {
        _stream = stream;
        _asking = Connect();
        var script = _asking.Ask("SCRIPT", "LOAD", RedisScript.Append);
        _tails = [.. Enumerable.Range(0, nodes).Select(_ =>
        {
            var connection = Connect();
            connection.Ask("SUBSCRIBE", RedisKeys.Channel(stream));
            return new Tail(connection);
        })];
        _appenders = [.. Enumerable.Range(0, nodes).Select(number => new Appender(stream, number, script, Connect(), batchBytes))];
        _tailing = new Thread(Follow) { IsBackground = true, Name = "tails" };
        _tailing.Start();

        RespConnection Connect()
        {
            var until = Environment.TickCount64 + 10_000;
            while (true)
            {
                try
                {
                    var connection = new RespConnection(host, port);
                    _connections.Add(connection);
                    return connection;
                }
                catch (SocketException) when (Environment.TickCount64 < until)
                {
                    Thread.Sleep(50); // just started
                }
            }
        }
    }

    /// <summary>Appends at that interval for that long, and waits until everything was pushed. Blocks.</summary>
    public LogStep Run(TimeSpan interval, TimeSpan length, CancellationToken cancellationToken)
    {
        var appends = new Histogram();
        var pushes = new Histogram();
        Interlocked.Exchange(ref _pushes, pushes);
        var pushedBefore = Interlocked.Read(ref _pushed);
        var processorBefore = ProcessorSeconds();
        var spacing = (long)(interval.TotalSeconds * Stopwatch.Frequency);
        var start = Stopwatch.GetTimestamp();

        // Spread over the interval, as nodes that know nothing of each other are.
        for (var i = 0; i < _appenders.Length; i++) _appenders[i].Begin(start + (spacing * i / _appenders.Length));
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Turn(appends, spacing)) Thread.Sleep(Pause);
        }

        var took = Stopwatch.GetElapsedTime(start);
        var (inTime, pushedInTime) = (appends.Count, Interlocked.Read(ref _pushed) - pushedBefore);
        var processor = (ProcessorSeconds() - processorBefore) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Drain(appends, pushedBefore);
        return new LogStep(
            interval, _appenders.Length / interval.TotalSeconds, inTime / took.TotalSeconds, pushedInTime / took.TotalSeconds, processor, appends, pushes,
            (appends.Count * _tails.Length) - (Interlocked.Read(ref _pushed) - pushedBefore), _tails.Count(tail => tail.IsCutOff), _tails.Sum(tail => tail.Holes));
    }

    /// <summary>What an entry takes in Redis's memory.</summary>
    public double BytesAnEntry() =>
        Resp.Number(System.Text.Encoding.ASCII.GetBytes(_asking.Ask("MEMORY", "USAGE", RedisKeys.Entries(_stream).ToString(), "SAMPLES", 0)).AsSpan(1))
        / (double)Resp.Number(System.Text.Encoding.ASCII.GetBytes(_asking.Ask("XLEN", RedisKeys.Entries(_stream).ToString())).AsSpan(1));

    public void Dispose()
    {
        _closing = true;
        _tailing.Join();
        try
        {
            _asking.Ask("DEL", RedisKeys.Meta(_stream).ToString(), RedisKeys.Entries(_stream).ToString(), RedisKeys.Producers(_stream).ToString());
        }
        catch (IOException)
        {
            // It has ended already.
        }

        foreach (var connection in _connections) connection.Dispose();
    }

    private bool Turn(Histogram appends, long spacing)
    {
        var worked = false;
        foreach (var appender in _appenders)
        {
            worked |= appender.Receive(appends);
            worked |= appender.Send(Stopwatch.GetTimestamp(), spacing);
        }

        return worked;
    }

    private void Drain(Histogram appends, long pushedBefore)
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < DrainWithin)
        {
            foreach (var appender in _appenders) appender.Receive(appends);
            var isAnswered = !_appenders.Any(appender => appender.IsWaiting);
            if (isAnswered && Interlocked.Read(ref _pushed) - pushedBefore >= appends.Count * _tails.Length) return;
            Thread.Sleep(Pause);
        }
    }

    private void Follow()
    {
        while (!_closing)
        {
            var pushes = Volatile.Read(ref _pushes);
            var count = 0;
            foreach (var tail in _tails)
            {
                if (!tail.IsCutOff) count += tail.Receive(pushes);
            }

            Interlocked.Add(ref _pushed, count);

            // Reading a little less often leaves the processor to the server; what it adds to the latency is this pause.
            Thread.Sleep(Pause);
        }
    }

    private double ProcessorSeconds() =>
        _asking.Ask("INFO", "cpu").Split("\r\n")
            .Where(line => line.StartsWith("used_cpu_sys:", StringComparison.Ordinal) || line.StartsWith("used_cpu_user:", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));
}
