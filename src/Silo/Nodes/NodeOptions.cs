namespace Interactions.Silo.Nodes;

/// <param name="Region">This data centre's name.</param>
/// <param name="Resume">How long a viewer may be away and still catch up with one frame.</param>
/// <param name="IdleClose">How long a stream stays open after its last use.</param>
public sealed record NodeOptions(string Region, TimeSpan Resume, TimeSpan IdleClose)
{
    /// <summary>This process, as the logs know it: new at every start.</summary>
    public NodeIdentity Node { get; } = new();

    /// <summary>How long a sender waits for the log before it is told that the outcome is unknown.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many streams one user may own.</summary>
    public int StreamsPerUser { get; init; } = 1000;

    /// <summary>How long someone who left stays on the roster, for reconnects.</summary>
    public TimeSpan RosterGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A ring of effects never grows beyond this.</summary>
    public int RingBytes { get; init; } = 4 << 20;
}
