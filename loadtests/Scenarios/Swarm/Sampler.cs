using System.Diagnostics;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Swarm.Remote;
using Interactions.LoadTests.Swarm.Sending;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>Looks once a second at the service's process, the swarm and the senders, and keeps what it saw as series.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private const double Megabyte = 1024 * 1024;

    private readonly ServerProcess? _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private readonly Series _cores = new("service: processor time", "cores");
    private readonly Series _memory = new("service: resident memory", "MB");
    private readonly Series _frames = new("frames to viewers", "a second");
    private readonly Series _p99 = new("frame: oldest in it accepted to seen, p99 of each second", "ms");
    private readonly Series _answers = new("acknowledged", "a second");

    public Sampler(ServerProcess? server, Func<ViewerSwarm?> swarm, Func<SendCounts?> sent)
    {
        _server = server;
        _sampling = SampleAsync(swarm, sent);
    }

    public Series Memory => _memory;

    public Series Answers => _answers;

    public void AddTo(Report report)
    {
        foreach (var series in (Series[])[_p99, _frames, _answers, _cores, _memory])
        {
            if (series.Points.Any(p => p.Value > 0)) report.Add(series);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_sampling.IsCompleted) return;
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync(Func<ViewerSwarm?> swarm, Func<SendCounts?> sent)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        SendCounts? asked = null;
        var (cpu, frames, answers, at) = (_server?.ProcessorSeconds() ?? 0, 0L, 0L, started);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var now = Stopwatch.GetTimestamp();
                var (second, took) = (Stopwatch.GetElapsedTime(started, now).TotalSeconds, Stopwatch.GetElapsedTime(at, now).TotalSeconds);
                at = now;
                if (_server is not null)
                {
                    var used = _server.ProcessorSeconds();
                    _cores.Add(second, (used - cpu) / took);
                    _memory.Add(second, _server.ResidentBytes() / Megabyte);
                    cpu = used;
                }

                // Seconds in which nothing is sent, or no latency is measured, are a gap and not a 0.
                var senders = sent();
                if (swarm() is { } viewers && await viewers.CountAsync(_stop.Token) is var counts)
                {
                    if (senders is not null) _frames.Add(second, (counts.Frames - frames) / took);
                    if (counts.RecentP99Ms > 0) _p99.Add(second, counts.RecentP99Ms);
                    frames = counts.Frames;
                }

                if (senders is not null)
                {
                    var answered = senders.LikesAccepted + senders.CommentsAccepted;
                    _answers.Add(second, (answered - (senders == asked ? answers : 0)) / took);
                    answers = answered;
                }

                asked = senders;
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was seen.
        }
    }
}
