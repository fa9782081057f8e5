namespace Interactions.Frontend.Wire;

/// <summary>By which way a viewer is connected.</summary>
internal enum Transport : byte
{
    Sse,
    WebSocket,
    SignalR,
}
