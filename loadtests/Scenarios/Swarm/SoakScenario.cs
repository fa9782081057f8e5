using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>Mixed work for as long as wanted, with everyone cut now and then: whether memory or latency creep.</summary>
internal sealed class SoakScenario : IScenario
{
    /// <summary>Seconds. In less, a runtime's memory has not settled: its growth says nothing of an hour's.</summary>
    private const double LeastToExtrapolate = 600;

    public string Name => "soak";

    public string Summary => "likes and comments to viewers of all transports for --minutes, cut now and then: does memory creep";

    public IReadOnlyList<Option> Options { get; } =
    [
        SwarmOptions.Viewers(3_000), SwarmOptions.Transport("mix"), SwarmOptions.Likes(100), SwarmOptions.Comments(5), SwarmOptions.Senders,
        new("minutes", "30", "how long"), new("cut-every", "60", "seconds between cutting all viewers off; 0 = never"),
        SwarmOptions.WarmUp, SwarmOptions.Threads,
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var every = arguments.Count("cut-every");
        var work = new SwarmWork
        {
            Scenario = Name,
            Viewers = arguments.Count("viewers", least: 1),
            Transport = SwarmOptions.TransportOf(arguments),
            LikesPerSecond = arguments.Positive("likes"),
            CommentsPerSecond = arguments.Count("comments"),
            Senders = arguments.Count("senders", least: 1),
            Seconds = arguments.Positive("minutes") * 60,
            WarmUpSeconds = arguments.Count("warm-up"),
            Threads = arguments.Count("threads", least: 1),
        };
        await using var session = await SwarmSession.PrepareAsync(context, work, cancellationToken);
        await session.JoinAsync(cancellationToken);
        var result = await session.PlayAsync(
            async () =>
            {
                // The last seconds are left to come back in.
                for (var at = every; every > 0 && at < work.Seconds - 5; at += every)
                {
                    await Task.Delay(TimeSpan.FromSeconds(every), context.Time, cancellationToken);
                    await session.Swarm!.CutAsync(cancellationToken);
                }
            },
            cancellationToken);
        session.Report.Fact("viewers cut by the swarm (times)", result.Viewers.Cut);
        session.Report.Fact("back by a snapshot", result.Viewers.Resnapshots);
        if (work.Seconds >= LeastToExtrapolate) session.Report.Fact("service: resident memory grew, second half (MB an hour)", session.Sampler.Memory.SlopeOfSecondHalf() * 3600);
        else session.Report.Note("shorter than 10 minutes: nothing is said of how memory grows in an hour");
        if (result.Viewers.Back < result.Viewers.Cut) session.Report.Failure($"{result.Viewers.Cut - result.Viewers.Back} viewers did not come back");
        return await session.FinishAsync(result, cancellationToken);
    }
}
