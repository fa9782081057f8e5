namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// The hub, put together at its first request. SignalR compiles an expression tree for each of a hub's methods when the hub is mapped;
/// a service whose viewers all use the other transports needs neither them nor what compiles them (4 MB).
/// </summary>
internal sealed class HubRoute(IServiceProvider services)
{
    private const string Path = "/hubs/interactions";

    /// <summary>What it answers.</summary>
    public static readonly IReadOnlyList<string> Paths = [Path, Path + "/negotiate"];

    private readonly Lazy<RequestDelegate> _hub = new(() =>
    {
        var hub = new ApplicationBuilder(services);
        hub.UseRouting();
        hub.UseEndpoints(endpoints => endpoints.MapHub<InteractionsHub>(Path));
        return hub.Build();
    });

    public Task InvokeAsync(HttpContext http)
    {
        // Routing passes by a request that has its endpoint already.
        http.SetEndpoint(null);
        return _hub.Value(http);
    }
}
