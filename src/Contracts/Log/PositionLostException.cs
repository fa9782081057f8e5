namespace Interactions.Contracts.Log;

/// <summary>A tail can't go on from its position: it was trimmed, or the epoch is over. Start from a snapshot again.</summary>
public sealed class PositionLostException(string stream, Position position, ReadStatus status)
    : Exception($"Stream {stream} can't be read on from {position}: {status}.")
{
    public ReadStatus Status { get; } = status;
}
