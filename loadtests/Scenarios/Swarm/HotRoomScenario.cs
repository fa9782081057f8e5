using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>Many viewers, one stream, a steady rain of likes and comments: from sending one to each viewer seeing it.</summary>
internal sealed class HotRoomScenario(string name, string summary, int viewers, int likes) : IScenario
{
    public string Name => name;

    public string Summary => summary;

    public IReadOnlyList<Option> Options { get; } =
    [
        SwarmOptions.Viewers(viewers), SwarmOptions.Transport("sse"), SwarmOptions.Likes(likes), SwarmOptions.Comments(0),
        SwarmOptions.Senders, SwarmOptions.Seconds(30), SwarmOptions.WarmUp, SwarmOptions.Threads,
    ];

    public static HotRoomScenario HotRoom { get; } =
        new("hot-room", "many viewers on one stream with a steady rate of likes: from sending to seeing", 10_000, 100);

    public static HotRoomScenario MillionLikes { get; } =
        new("million-likes", "200 likes a second to 5,000 viewers: a million like deliveries a second", 5_000, 200);

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var work = SwarmOptions.WorkOf(context.Arguments, Name);
        await using var session = await SwarmSession.PrepareAsync(context, work, cancellationToken);
        await session.JoinAsync(cancellationToken);
        return await session.FinishAsync(await session.PlayAsync(null, cancellationToken), cancellationToken);
    }
}
