namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>Who is to watch what, and how. Travels as JSON to the processes that do it.</summary>
internal sealed record SwarmPlan
{
    /// <summary>Where the service listens; viewers are dealt out over several.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>A name that <see cref="Protocols.WireProtocol.Of"/> knows.</summary>
    public required string Protocol { get; init; }

    /// <summary>What to ask for; <c>{stream}</c> is replaced.</summary>
    public required string Path { get; init; }

    /// <summary>The stream's id; with several streams, what their ids begin with.</summary>
    public required string Stream { get; init; }

    public int Streams { get; init; } = 1;

    /// <summary>The index of the first viewer (viewer i watches stream i mod streams), and how many there are.</summary>
    public int First { get; init; }

    public required int Viewers { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>Connections of one thread that may be under way at once: more than the service's backlog would be dropped.</summary>
    public int InFlight { get; init; } = 500;

    /// <summary>At most so many new connections a second and thread; 0 = as fast as it goes.</summary>
    public int ConnectsPerSecond { get; init; }

    public bool Reconnects { get; init; } = true;

    /// <summary>Kinds of reaction that are followed; latency is measured for the first.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = ["like"];

    public int StalledPercent { get; init; }

    public int DrippingPercent { get; init; }

    public int DripBytesPerSecond { get; init; } = 1024;

    /// <summary>SO_RCVBUF of viewers that are not healthy.</summary>
    public int SlowReceiveBufferBytes { get; init; } = 4096;

    public static string StreamId(string stream, int streams, int index) => streams == 1 ? stream : $"{stream}-{index}";

    /// <summary>What a viewer of our service asks for by this protocol.</summary>
    public static string OurPath(string protocol) => protocol switch
    {
        "sse" => "/v1/streams/{stream}/events",
        "websocket" => "/v1/streams/{stream}/socket",
        _ => "/hubs/interactions",
    };

    public ViewerPace PaceOf(int index) =>
        index % 100 < StalledPercent ? ViewerPace.Stalled
        : index % 100 < StalledPercent + DrippingPercent ? ViewerPace.Dripping
        : ViewerPace.Healthy;
}
