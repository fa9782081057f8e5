namespace Interactions.Contracts.Log;

/// <param name="Status">Whether the position could be read from.</param>
/// <param name="Entries">In order, dense; empty unless <see cref="ReadStatus.Ok"/>.</param>
/// <param name="Head">The log's last entry; <see cref="LogHead.Empty"/> for an empty or unknown stream.</param>
public sealed record ReadResult(ReadStatus Status, IReadOnlyList<Entry> Entries, LogHead Head);
