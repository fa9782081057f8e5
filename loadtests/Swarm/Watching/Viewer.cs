namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>
/// One connection of the swarm and what its viewer has been shown, kept as sums: what the deltas since the last snapshot
/// add up to, how many comments came and the sum of their ids' hashes. Belongs to one thread.
/// </summary>
internal sealed class Viewer
{
    public required int Index { get; init; }

    public required int Stream { get; init; }

    public required string StreamId { get; init; }

    public required string Path { get; init; }

    public required ViewerPace Pace { get; init; }

    public int Socket { get; set; } = -1;

    public ViewerState State { get; set; }

    /// <summary>Set by the protocol when frames follow.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Set by the protocol: the HTTP status of a refusal, or -1; 0 = none.</summary>
    public int Refusal { get; set; }

    /// <summary>The protocol's own: how far its handshake is, and how the answer's body is read.</summary>
    public int Stage { get; set; }

    public int Mode { get; set; }

    /// <summary>Of the last frame: where to resume. null = nothing seen.</summary>
    public string? Position { get; set; }

    public ulong Epoch { get; set; }

    public long Offset { get; set; }

    /// <summary>Whether a frame came since it connected.</summary>
    public bool IsShown { get; set; }

    public long[] Sums { get; } = new long[FrameFacts.MostKinds];

    /// <summary>Shown or told of as missed, without those in snapshots.</summary>
    public long Comments { get; set; }

    public long Missed { get; set; }

    public ulong CommentHashes { get; set; }

    public int Snapshots { get; set; }

    public long ConnectedAt { get; set; }

    /// <summary>When the swarm cut it; 0 = not, or back again.</summary>
    public long CutAt { get; set; }

    /// <summary>When to connect again, or (dripping) to read again.</summary>
    public long DueAt { get; set; }

    /// <summary>The beginning of a message whose end is still to come; null almost always.</summary>
    public byte[]? Partial { get; set; }

    public int PartialLength { get; set; }
}
