using Interactions.Contracts;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>The frames of one tick, all ending at the same head. Made by the tick, then only read.</summary>
internal sealed class TickFrames(Position from, Position to)
{
    private readonly Position _from = from;

    /// <summary>Where the last tick's frames ended: those who keep up stand there.</summary>
    public ref readonly Position From => ref _from;

    public Position To { get; } = to;

    /// <summary>For those who stand at <see cref="From"/>; null when nothing moved.</summary>
    public Packet? Shared { get; set; }

    public Packet? Snapshot { get; set; }

    /// <summary>For those who stand elsewhere, by where they do and how many bytes of comments they may have.</summary>
    public Dictionary<(Position Place, int CommentBytes), Packet>? Others { get; set; }

    public List<(Cursor Cursor, Position From, Packet Packet)>? Personal { get; set; }

    /// <summary>Whether something is on its way to a viewer who waits for it to arrive: there is to be another tick.</summary>
    public bool Awaits { get; set; }
}
