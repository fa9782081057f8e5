namespace Interactions.Frontend.Transports.Listener;

/// <summary>The head of a request that may be served straight on its socket.</summary>
/// <param name="Stream">A valid stream id.</param>
/// <param name="IsSocket">It asks for a WebSocket; else for events.</param>
/// <param name="Query">As sent, with its question mark; empty if there is none.</param>
/// <param name="Headers">In the order they came; names as sent, values trimmed.</param>
/// <param name="Length">How many bytes it takes.</param>
internal sealed record RequestHead(string Stream, bool IsSocket, string Query, IReadOnlyList<(string Name, string Value)> Headers, int Length);
