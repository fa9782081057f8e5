using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>Lets a call find the connection it came on and what else is watched there, as features of it: frames are written to it, past SignalR's own streams.</summary>
internal sealed class HubConnections(ILogger<HubConnections> logger) : DefaultHubLifetimeManager<InteractionsHub>(logger)
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Features.Set(connection);
        connection.Features.Set(new ActiveWatches());
        if (connection.Features.Get<IHttpContextFeature>() is HubSocket socket)
            connection.ConnectionAborted.UnsafeRegister(static socket => ((HubSocket)socket!).CutIfStalled(), socket);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection) => Task.CompletedTask;
}
