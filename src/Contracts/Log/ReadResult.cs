namespace Interactions.Contracts.Log;

/// <param name="Status">Whether the position could be read from.</param>
/// <param name="Entries">In order, dense; empty unless <see cref="ReadStatus.Ok"/>.</param>
/// <param name="Head">The log's last entry; <see cref="LogHead.Empty"/> for an empty or unknown stream.</param>
/// <param name="IsRestarted">Whether the store was started again since the stream's last append: it may have lost what stood behind the head.</param>
public sealed record ReadResult(ReadStatus Status, IReadOnlyList<Entry> Entries, LogHead Head, bool IsRestarted = false);
