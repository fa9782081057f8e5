using Interactions.Contracts;

namespace Interactions.Frontend.Fanout;

/// <summary>The frames of one tick, all ending at the same head.</summary>
internal sealed class TickFrames(Position from, Position to)
{
    public Position From { get; } = from;

    public Position To { get; } = to;

    public Packet? Shared { get; set; }

    public Packet? Snapshot { get; set; }

    public Dictionary<Position, Packet> Others { get; } = [];

    public Dictionary<Cursor, (Position From, Packet Packet)>? Personal { get; set; }
}
