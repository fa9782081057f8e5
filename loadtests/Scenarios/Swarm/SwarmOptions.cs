using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>Options that scenarios of the swarm share.</summary>
internal static class SwarmOptions
{
    public static Option Viewers(int count) => new("viewers", $"{count}", "how many watch; beyond 18,000 in several processes");

    public static Option Transport(string name) => new("transport", name, "of the viewers: sse, websocket, signalr, or mix (45, 45 and 10 %)");

    public static Option Likes(int rate) => new("likes", $"{rate}", "likes a second, over all senders");

    public static Option Comments(int rate) => new("comments", $"{rate}", "comments a second, over all senders");

    public static Option Senders { get; } = new("senders", "10", "users who send, each on its own WebSocket");

    public static Option Seconds(int count) => new("seconds", $"{count}", "how long is measured");

    public static Option WarmUp { get; } = new("warm-up", "3", "seconds of the same before, unmeasured");

    public static Option Threads { get; } = new("threads", "1", "threads of each process that holds viewers");

    /// <summary>The work that these options ask for, all of which the scenario has to have.</summary>
    /// <exception cref="UsageException">One is wrong.</exception>
    public static SwarmWork WorkOf(Arguments arguments, string scenario) => new()
    {
        Scenario = scenario,
        Viewers = arguments.Count("viewers", least: 1),
        Transport = TransportOf(arguments),
        LikesPerSecond = arguments.Positive("likes"),
        CommentsPerSecond = arguments.Count("comments"),
        Senders = arguments.Count("senders", least: 1),
        Seconds = arguments.Positive("seconds"),
        WarmUpSeconds = arguments.Count("warm-up"),
        Threads = arguments.Count("threads", least: 1),
    };

    public static string TransportOf(Arguments arguments) => arguments.Text("transport") is "sse" or "websocket" or "signalr" or "mix"
        ? arguments.Text("transport")
        : throw new UsageException("--transport has to be sse, websocket, signalr or mix.");
}
