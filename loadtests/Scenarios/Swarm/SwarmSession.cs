using System.Diagnostics;
using System.Globalization;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Swarm.Remote;
using Interactions.LoadTests.Swarm.Sending;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>
/// The steps that scenarios of the swarm are made of, in this order: prepare the streams, let the viewers join, play (as
/// often as wanted), settle, report. Everything accepted is expected at every viewer of its stream.
/// </summary>
internal sealed class SwarmSession : IAsyncDisposable
{
    private const string Playing = "playing";
    private const double Kilobyte = 1024;
    private static readonly TimeSpan JoinWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan OpenWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);

    private readonly ScenarioContext _context;
    private readonly StreamSet _streams;
    private readonly IDisposable _progress;
    private readonly Sampler _sampler;
    private readonly long[] _likes;
    private readonly long[] _comments;
    private readonly ulong[] _hashes;
    private SendCounts? _sending;
    private bool _commentsKnown = true;
    private bool _seriesAdded;
    private string _doing = "preparing";
    private double _emptyBytes;

    private SwarmSession(ScenarioContext context, SwarmWork work, StreamSet streams, ServerProcess? server)
    {
        (_context, Work, _streams, Server) = (context, work, streams, server);
        (_likes, _comments, _hashes) = (new long[work.Streams], new long[work.Streams], new ulong[work.Streams]);
        Report = context.SoFar = new Report(work.Scenario);
        _sampler = new Sampler(server, () => Swarm, () => _doing == Playing ? _sending : null);
        _progress = context.Progress.Show(Line);
    }

    public SwarmWork Work { get; }

    public Report Report { get; }

    public ServerProcess? Server { get; }

    /// <summary>null = nobody has joined yet.</summary>
    public ViewerSwarm? Swarm { get; private set; }

    public Sampler Sampler => _sampler;

    /// <summary>Creates the streams and starts to look at the service.</summary>
    public static async Task<SwarmSession> PrepareAsync(ScenarioContext context, SwarmWork work, CancellationToken cancellationToken)
    {
        var server = context.FindServer();
        var streams = await StreamSet.CreateAsync(context, work.Scenario, work.Streams, cancellationToken);
        var session = new SwarmSession(context, work, streams, server) { _emptyBytes = server?.ResidentBytes() ?? 0 };
        if (server is null) session.Report.Note("the service's process was not found: nothing is said of its use of processor and memory (give --pid)");
        else session.Report.Fact("service: resident before viewers (MB)", session._emptyBytes / Kilobyte / Kilobyte);
        return session;
    }

    /// <summary>Connects the viewers and waits until each has been shown its first frame.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        _doing = "joining";
        var started = Stopwatch.GetTimestamp();
        Swarm = await ViewerSwarm.StartAsync(Plans(), cancellationToken);
        if (!await Swarm.UntilAsync(c => c.Shown >= Work.Viewers, JoinWithin, Often, cancellationToken))
        {
            throw new InvalidOperationException($"Only {Swarm.Last.Shown} of {Work.Viewers} viewers were shown something within {JoinWithin}. The last problem: {Swarm.Last.LastProblem}");
        }

        Report.Fact("viewers", Work.Viewers);
        Report.Fact("all joined within (s)", Stopwatch.GetElapsedTime(started).TotalSeconds);
        Report.Latency(LatencyNames.First, (await Swarm.ReportAsync(cancellationToken)).Latency(LatencyNames.First));
        if (Server is not null) Report.Fact("service: resident per connection after joining (KB)", (Server.ResidentBytes() - _emptyBytes) / Work.Viewers / Kilobyte);
    }

    /// <summary>Sends at the planned rates; a run of its own with a clock of its own. Only the time after the warm-up is measured.</summary>
    /// <param name="meanwhile">Done once the measured time has begun.</param>
    /// <param name="span">How long; null = as the work says.</param>
    public async Task<PlayResult> PlayAsync(Func<Task>? meanwhile, CancellationToken cancellationToken, PlaySpan? span = null)
    {
        var (warmUpSeconds, seconds) = span ?? new(Work.WarmUpSeconds, Work.Seconds);
        _doing = "opening senders";
        using var engine = new SendEngine(await SendPlanAsync(cancellationToken));
        _sending = engine.Counts;
        engine.Start();
        await engine.Opened.WaitAsync(OpenWithin, cancellationToken);

        _doing = Playing;
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 5);
        var measured = start + Ticks(warmUpSeconds);
        var end = measured + Ticks(seconds);
        var clock = new LikeClock(start, Work.LikesPerSecond, Work.Streams, (long)(Work.LikesPerSecond * warmUpSeconds), _likes[0]);
        if (Swarm is not null) await Swarm.MeasureAsync(clock, measured, cancellationToken);
        engine.Counts.MeasuredFromTicks = measured;
        engine.Send(clock, end);
        await UntilAsync(measured, cancellationToken);
        var before = await UsageAsync(cancellationToken);
        if (meanwhile is not null) await meanwhile();
        await UntilAsync(end, cancellationToken);
        var after = await UsageAsync(cancellationToken);
        await engine.FinishAsync(AnswersWithin, cancellationToken);

        _doing = "settling";
        await BookAsync(engine.Counts, cancellationToken);
        if (Swarm is not null)
        {
            // A frame that counts more than what was accepted would be as wrong as one that counts less.
            await Swarm.ExpectAsync(new Expectation(_likes, _commentsKnown ? _comments : null, _commentsKnown ? _hashes : null), cancellationToken);
            await Swarm.UntilAsync(c => c.Judged >= Work.Viewers && c is { Lacking: 0, OtherComments: 0 }, SettleWithin, Often, cancellationToken);
        }

        var result = new PlayResult(engine.Counts, engine.Unanswered, before, after, Swarm is null ? new SwarmCounts() : await Swarm.ReportAsync(cancellationToken));
        _sending = null;
        return result;
    }

    /// <summary>Adds what is said of every run of this kind, judges it, and ends the streams.</summary>
    public async Task<Report> FinishAsync(PlayResult result, CancellationToken cancellationToken)
    {
        result.Describe(Report, Work);
        if (Server is not null) Report.Fact("service: resident at the end (MB)", Server.ResidentBytes() / Kilobyte / Kilobyte);
        return await CloseAsync(cancellationToken);
    }

    /// <summary>Ends a run in which nothing was sent, or that has described what was.</summary>
    public async Task<Report> CloseAsync(CancellationToken cancellationToken)
    {
        await _sampler.DisposeAsync();
        AddSeries();
        if (await _streams.CountedOtherThanAsync(_likes, cancellationToken) is var wrong and > 0)
        {
            Report.Failure($"{wrong} of the streams that were looked at count other likes than were accepted");
        }

        await _streams.EndAsync(cancellationToken);
        return Report;
    }

    public async ValueTask DisposeAsync()
    {
        _progress.Dispose();
        await _sampler.DisposeAsync();
        AddSeries();
        if (_sending is { } unfinished) await DescribeAsync(unfinished);
        if (Swarm is not null) await Swarm.DisposeAsync();
        _streams.Dispose();
    }

    private void AddSeries()
    {
        if (!_seriesAdded) _sampler.AddTo(Report);
        _seriesAdded = true;
    }

    /// <summary>What was counted of sending that did not come to its end; nothing is judged.</summary>
    private async Task DescribeAsync(SendCounts unfinished)
    {
        var viewers = new SwarmCounts();
        try
        {
            if (Swarm is not null) viewers = await Swarm.ReportAsync(CancellationToken.None);
        }
        catch (Exception ended) when (ended is InvalidOperationException or IOException)
        {
            Report.Note("what the viewers measured is lost with their process");
        }

        Report.Note("the run did not come to its end: the numbers are those until then, and nothing was checked");
        PlayResult.DescribeCounts(Report, unfinished);
        Report.Fact("frames to viewers", viewers.Frames);
        PlayResult.DescribeLatencies(Report, unfinished, viewers);
    }

    /// <summary>Adds what was accepted to what is expected. Where the outcome of some is unknown, the service says what counts, within bounds.</summary>
    private async Task BookAsync(SendCounts sent, CancellationToken cancellationToken)
    {
        for (var s = 0; s < Work.Streams; s++)
        {
            _likes[s] += sent.Likes[s];
            _comments[s] += sent.Comments[s];
            _hashes[s] += sent.CommentHashes[s];
            if (sent.UnknownLikes[s] == 0) continue;
            var (counted, most) = (await _streams.LikesAsync(s, cancellationToken), _likes[s] + sent.UnknownLikes[s]);
            if (counted < _likes[s] || counted > most) Report.Failure($"{counted} likes are counted, but {_likes[s]} to {most} were to be");
            _likes[s] = counted;
        }

        if (sent.UnknownComments == 0) return;
        _commentsKnown = false;
        Report.Note($"the outcome of {sent.UnknownComments} comments is unknown: comments are not checked");
    }

    /// <summary>The viewers by transport.</summary>
    private IEnumerable<SwarmPlan> Plans()
    {
        var signalr = Work.Transport == "mix" ? Work.Viewers / 10 : 0;
        var sse = (Work.Viewers - signalr) / 2;
        (string, int)[] parts = Work.Transport == "mix"
            ? [("sse", sse), ("websocket", Work.Viewers - signalr - sse), ("signalr", signalr)]
            : [(Work.Transport, Work.Viewers)];
        var first = 0;
        foreach (var (transport, count) in parts)
        {
            if (count > 0) yield return PlanOf(transport, first, count);
            first += count;
        }
    }

    public SwarmPlan PlanOf(string transport, int first, int count) => new()
    {
        Urls = [.. _context.Addresses.Select(a => a.ToString())],
        Protocol = transport,
        Path = SwarmPlan.OurPath(transport),
        Stream = _streams.Name,
        Streams = Work.Streams,
        First = first,
        Viewers = count,
        Threads = Work.Threads,
        InFlight = Work.InFlight,
    };

    private async Task<SendPlan> SendPlanAsync(CancellationToken cancellationToken)
    {
        var tokens = new string[Work.Senders];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = await _streams.Service.TokenAsync($"sender-{i}", "viewer", cancellationToken);
        return new SendPlan
        {
            Urls = _context.Addresses,
            Tokens = tokens,
            Stream = _streams.Name,
            Streams = Work.Streams,
            Http = Work.SendsByPost,
            LikesPerSecond = Work.LikesPerSecond,
            CommentsPerSecond = Work.CommentsPerSecond,
            Window = Work.Window,
            Keys = Work.Keys,
        };
    }

    private async Task<Usage> UsageAsync(CancellationToken cancellationToken) => new(
        Stopwatch.GetTimestamp(),
        Server?.ProcessorSeconds(),
        Swarm is null ? new SwarmCounts() : await Swarm.CountAsync(cancellationToken),
        (_sending?.LikesAccepted ?? 0) + (_sending?.CommentsAccepted ?? 0));

    private string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_doing}: {Swarm?.Last.Shown ?? 0:#,0} viewers, {Swarm?.Last.Frames ?? 0:#,0} frames, {_sending?.Sent ?? 0:#,0} sent, p99 {Swarm?.Last.RecentP99Ms ?? 0:0} ms");

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static async Task UntilAsync(long ticks, CancellationToken cancellationToken)
    {
        while (ticks - Stopwatch.GetTimestamp() is var left && left > 0)
        {
            await Task.Delay(Stopwatch.GetElapsedTime(0, left) + TimeSpan.FromMilliseconds(1), cancellationToken);
        }
    }
}
