namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// The hub, put together at its first request. SignalR compiles an expression tree for each of a hub's methods when the hub is mapped;
/// a service whose viewers all use the other transports needs neither them nor what compiles them (4 MB).
/// </summary>
internal sealed class HubRoute(IServiceProvider services)
{
    /// <summary>What it answers. CONNECT asks for a WebSocket in HTTP/2 (RFC 8441).</summary>
    public static readonly IReadOnlyList<(string Path, string[] Methods)> Paths =
        [(HubSockets.Path, ["GET", "POST", "DELETE", "CONNECT"]), (HubSockets.Path + "/negotiate", ["POST"])];

    private readonly Lazy<RequestDelegate> _hub = new(() =>
    {
        var hub = new ApplicationBuilder(services);
        hub.UseRouting();
        hub.UseEndpoints(endpoints => endpoints.MapHub<InteractionsHub>(HubSockets.Path, options =>
        {
            // A viewer counts as stalled when this is full.
            options.TransportMaxBufferSize = ViewerSockets.MostUnsent;
            options.TransportSendTimeout = TimeSpan.FromSeconds(35); // later than the room's own end of those who make no progress
        }));
        return hub.Build();
    });

    public Task InvokeAsync(HttpContext http)
    {
        // Routing passes by a request that has its endpoint already.
        http.SetEndpoint(null);
        return _hub.Value(http);
    }
}
