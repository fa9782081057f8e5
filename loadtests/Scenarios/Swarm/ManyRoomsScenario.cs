using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>Thousands of streams with a viewer or two each, and likes dealt out over all of them.</summary>
internal sealed class ManyRoomsScenario : IScenario
{
    public string Name => "many-rooms";

    public string Summary => "15,000 streams of one viewer and 1,000 likes a second over all of them";

    public IReadOnlyList<Option> Options { get; } =
    [
        new("rooms", "15000", "how many streams"), new("viewers-per-room", "1", "how many watch each"),
        SwarmOptions.Transport("sse"), SwarmOptions.Likes(1000), new("senders", "64", "kept-alive connections that post the likes, each a user"),
        SwarmOptions.Seconds(30), SwarmOptions.WarmUp, SwarmOptions.Threads,
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var rooms = arguments.Count("rooms", least: 1);
        var work = new SwarmWork
        {
            Scenario = Name,
            Streams = rooms,
            Viewers = rooms * arguments.Count("viewers-per-room", least: 1),
            Transport = SwarmOptions.TransportOf(arguments),
            LikesPerSecond = arguments.Positive("likes"),
            Senders = arguments.Count("senders", least: 1),
            SendsByPost = true,
            Seconds = arguments.Positive("seconds"),
            WarmUpSeconds = arguments.Count("warm-up"),
            Threads = arguments.Count("threads", least: 1),
        };
        await using var session = await SwarmSession.PrepareAsync(context, work, cancellationToken);
        await session.JoinAsync(cancellationToken);
        session.Report.Fact("rooms", rooms);
        return await session.FinishAsync(await session.PlayAsync(null, cancellationToken), cancellationToken);
    }
}
