namespace Interactions.Contracts.Log;

/// <param name="Status">Whether the entry stands in the log.</param>
/// <param name="Head">The log's last position after this call; <see cref="Position.Start"/> when it is empty.</param>
/// <param name="Writer">Who wrote the entry at the head; empty when that is not known.</param>
/// <param name="Number">That writer's number of it.</param>
public readonly record struct AppendResult(AppendStatus Status, Position Head, string Writer = "", long Number = 0);
