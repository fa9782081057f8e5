namespace Interactions.Frontend.Fanout;

/// <summary>By which way a viewer is connected.</summary>
internal enum Transport : byte
{
    Sse,
    WebSocket,
    SignalR,
}
