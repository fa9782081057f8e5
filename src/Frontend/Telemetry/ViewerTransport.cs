namespace Interactions.Frontend.Telemetry;

/// <summary>The ways to watch, as metrics tell them apart.</summary>
internal enum ViewerTransport : byte
{
    Sse,
    WebSocket,
    SignalR,
}
