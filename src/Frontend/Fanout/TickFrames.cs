using Interactions.Contracts;

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

    /// <summary>For those who stand elsewhere, by where they do.</summary>
    public Dictionary<Position, Packet>? Others { get; set; }

    public List<(Cursor Cursor, Position From, Packet Packet)>? Personal { get; set; }
}
