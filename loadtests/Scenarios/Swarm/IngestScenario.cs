using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>How much a service takes: senders that each keep a window of unanswered interactions, half taps and half comments.</summary>
internal sealed class IngestScenario : IScenario
{
    public string Name => "ingest";

    public string Summary => "500 connections that send one interaction a message as fast as they are answered, half taps and half comments";

    public IReadOnlyList<Option> Options { get; } =
    [
        new("connections", "500", "how many send, each a user"), new("window", "32", "interactions that each has unanswered; --http true takes 1 unless given"),
        new("http", "false", "true = single posts on kept-alive connections instead of WebSockets"),
        new("streams", "50", "streams that the senders are dealt out over (on a WebSocket a sender is also a viewer)"),
        new("keys", "false", "true = each comment has a key, so that it can be retried"),
        new("viewers", "0", "viewers that check what they are shown, dealt out over the streams"), SwarmOptions.Transport("sse"),
        SwarmOptions.Seconds(20), SwarmOptions.WarmUp,
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var http = Flag(arguments, "http");
        var work = new SwarmWork
        {
            Scenario = Name,
            Streams = arguments.Count("streams", least: 1),
            Viewers = arguments.Count("viewers"),
            Transport = SwarmOptions.TransportOf(arguments),
            Senders = arguments.Count("connections", least: 1),
            SendsByPost = http,
            Window = http && arguments.Text("window") == "32" ? 1 : arguments.Count("window", least: 1),
            Keys = Flag(arguments, "keys"),
            Seconds = arguments.Positive("seconds"),
            WarmUpSeconds = arguments.Count("warm-up"),
        };
        await using var session = await SwarmSession.PrepareAsync(context, work, cancellationToken);
        if (work.Viewers > 0) await session.JoinAsync(cancellationToken);
        return await session.FinishAsync(await session.PlayAsync(null, cancellationToken), cancellationToken);
    }

    private static bool Flag(Arguments arguments, string name) =>
        bool.TryParse(arguments.Text(name), out var value) ? value : throw new UsageException($"--{name} has to be true or false.");
}
