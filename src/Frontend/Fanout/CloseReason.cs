namespace Interactions.Frontend.Fanout;

/// <summary>Why the server ends a connection. The numbers are WebSocket close codes.</summary>
internal enum CloseReason
{
    GoingAway = 1001,
    TokenExpired = 4401,
    NotFound = 4404,
    NoProgress = 4408,
}
