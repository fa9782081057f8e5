using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>Where a stream ends in its Redis.</summary>
/// <param name="Epochs">Null if there is no such stream.</param>
/// <param name="Offset">Of the entry at the head; 0 = none.</param>
/// <param name="Writer">Who wrote it; empty if there is none.</param>
/// <param name="Number">That writer's number of it.</param>
/// <param name="IsRestarted">Whether the server was started again since the last append, or has no such stream.</param>
/// <param name="Gone">The epochs that ended by a deletion, each followed by a space.</param>
internal sealed record StoredHead(LogEpochs? Epochs, long Offset, string Writer, long Number, bool IsRestarted, string Gone)
{
    public Position Position => Epochs is null ? Position.Start : new(Epochs.Current, Offset);

    public AppendResult Answer(AppendStatus status) => new(status, Position, Writer, Number);

    public bool IsGone(string epoch) => $" {Gone}".Contains($" {epoch} ", StringComparison.Ordinal);

    /// <summary>Whether the entry at the head is this one, by its place and its attempt.</summary>
    public bool IsAt(Entry entry) => (Position, Writer, Number) == (entry.Position, entry.Writer, entry.Number);
}
