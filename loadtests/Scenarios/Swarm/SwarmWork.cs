namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>What a scenario of the swarm does: who watches how, and what is sent at which rate.</summary>
internal sealed record SwarmWork
{
    public required string Scenario { get; init; }

    public required int Viewers { get; init; }

    /// <summary>sse, websocket, signalr, or mix (45, 45 and 10 %).</summary>
    public required string Transport { get; init; }

    /// <summary>Viewer i watches stream i mod streams; so are likes and comments dealt out.</summary>
    public int Streams { get; init; } = 1;

    public double LikesPerSecond { get; init; }

    public double CommentsPerSecond { get; init; }

    public int Senders { get; init; } = 10;

    /// <summary>Single posts instead of WebSockets.</summary>
    public bool SendsByPost { get; init; }

    public double Seconds { get; set; }

    public double WarmUpSeconds { get; init; }

    public int Threads { get; init; } = 1;

    public int InFlight { get; init; } = 500;

    public int Window { get; init; }

    public bool Keys { get; init; }
}
