namespace Interactions.Frontend.Telemetry;

/// <summary>The transports' names, in metrics, logs and messages.</summary>
internal static class ViewerTransports
{
    public static IReadOnlyList<ViewerTransport> All { get; } = [ViewerTransport.Sse, ViewerTransport.WebSocket, ViewerTransport.SignalR];

    public static string Name(this ViewerTransport transport) => transport switch
    {
        ViewerTransport.Sse => "sse",
        ViewerTransport.WebSocket => "websocket",
        _ => "signalr",
    };

    public static bool TryParse(string? name, out ViewerTransport transport)
    {
        foreach (var one in All)
        {
            transport = one;
            if (one.Name() == name) return true;
        }

        transport = default;
        return false;
    }
}
