using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>Where a stream ends in its Redis.</summary>
/// <param name="Epochs">Null if there is no such stream.</param>
/// <param name="Last">The entry at the head.</param>
/// <param name="IsRestarted">Whether the server was started again since the last append, or has no such stream.</param>
/// <param name="Gone">The epochs that ended by a deletion, each followed by a space.</param>
internal sealed record StoredHead(LogEpochs? Epochs, LogHead Last, bool IsRestarted, string Gone)
{
    public long Offset => Last.Position.Offset;

    public bool IsGone(string epoch) => $" {Gone}".Contains($" {epoch} ", StringComparison.Ordinal);
}
