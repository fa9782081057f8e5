using Interactions.Contracts.Frames;

namespace Interactions.LoadTests.Clients;

/// <summary>What of a frame the checks look at. One a viewer, filled again for each message.</summary>
internal sealed class SeenFrame
{
    public MessageKind Kind { get; set; }

    public string? Position { get; set; }

    /// <summary>ms since 1970 UTC; 0 = not in the frame.</summary>
    public long OldestMs { get; set; }

    public int Missed { get; set; }

    public List<KindCount> Totals { get; } = [];

    public List<KindCount> Delta { get; } = [];

    public List<string> CommentIds { get; } = [];

    public void Clear()
    {
        Kind = MessageKind.Other;
        Position = null;
        OldestMs = 0;
        Missed = 0;
        Totals.Clear();
        Delta.Clear();
        CommentIds.Clear();
    }
}
