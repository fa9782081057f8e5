namespace Interactions.Contracts.Log;

/// <param name="Status">Whether the entry stands in the log.</param>
/// <param name="Head">The log's last entry after this call.</param>
public readonly record struct AppendResult(AppendStatus Status, LogHead Head);
