using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Telemetry;

/// <summary>The transports' names, in metrics, logs and messages.</summary>
internal static class TransportNames
{
    public static IReadOnlyList<Transport> All { get; } = [Transport.Sse, Transport.WebSocket, Transport.SignalR];

    public static string Name(this Transport transport) => transport switch
    {
        Transport.Sse => "sse",
        Transport.WebSocket => "websocket",
        _ => "signalr",
    };

    public static bool TryParse(string? name, out Transport transport)
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
