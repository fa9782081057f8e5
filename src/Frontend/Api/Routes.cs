using Interactions.Frontend.Admission;
using Interactions.Frontend.Api.OpenApi;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports;
using Interactions.Frontend.Transports.SignalR;
using Interactions.Frontend.Transports.Sse;
using Interactions.Frontend.Transports.WebSocket;

namespace Interactions.Frontend.Api;

/// <summary>Every path of docs/protocol.md and what answers it.</summary>
internal static class Routes
{
    public static void Map(WebApplication app)
    {
        var streams = app.Services.GetRequiredService<StreamEndpoints>();
        var list = app.Services.GetRequiredService<StreamListEndpoint>();
        var interactions = app.Services.GetRequiredService<InteractionEndpoints>();
        var bans = app.Services.GetRequiredService<BansEndpoint>();
        var timeline = app.Services.GetRequiredService<TimelineEndpoint>();
        var log = app.Services.GetRequiredService<LogEndpoint>();
        var events = app.Services.GetRequiredService<EventsEndpoint>();
        var socket = app.Services.GetRequiredService<SocketEndpoint>();
        var ping = app.Services.GetRequiredService<PingEndpoint>();
        var operators = app.Services.GetRequiredService<OperatorEndpoints>();
        var metrics = app.Services.GetRequiredService<PrometheusExporter>();

        Get(app, "/v1/streams", list.HandleAsync);
        On(app, "PUT", "", streams.PutAsync);
        On(app, "GET", "", streams.GetAsync);
        On(app, "DELETE", "", streams.DeleteAsync);
        On(app, "POST", "/start", streams.StartAsync);
        On(app, "POST", "/end", streams.EndAsync);
        On(app, "GET", "/me", interactions.MeAsync);
        On(app, "GET", "/bans", bans.HandleAsync);
        On(app, "GET", "/comments", interactions.CommentsAsync);
        On(app, "POST", "/interactions", interactions.PostAsync);
        On(app, "GET", "/timeline", timeline.HandleAsync);
        On(app, "GET", "/log", log.HandleAsync);
        On(app, "GET", "/events", events.HandleAsync);
        On(app, "GET", "/socket", socket.HandleAsync);
        On(app, "CONNECT", "/socket", socket.HandleAsync); // what asks for a WebSocket in HTTP/2 (RFC 8441)
        var hub = new HubRoute(app.Services);
        foreach (var (path, methods) in HubRoute.Paths) app.MapMethods(path, methods, (RequestDelegate)hub.InvokeAsync);
        app.MapPost("/v1/ping", (RequestDelegate)ping.PostAsync);
        app.MapPost(DevTokens.Path, (RequestDelegate)operators.DevTokenAsync);
        Get(app, "/healthz", OperatorEndpoints.HealthAsync);
        Get(app, "/readyz", operators.ReadyAsync);
        Get(app, "/metrics", metrics.WriteAsync);

        // Looked up at the first request, so that a start does not pay for it.
        Get(app, "/openapi/v1.json", http => http.RequestServices.GetRequiredService<DocumentEndpoint>().WriteAsync(http));
    }

    private static void On(WebApplication app, string method, string path, Func<HttpContext, string, Task> handle) =>
        app.MapMethods($"/v1/streams/{{id}}{path}", WithHead(method), (RequestDelegate)(http => handle(http, (string)http.Request.RouteValues["id"]!)));

    private static void Get(WebApplication app, string path, RequestDelegate handle) => app.MapMethods(path, WithHead("GET"), handle);

    // A HEAD is answered by what answers the GET; the server leaves the body out.
    private static string[] WithHead(string method) => method == "GET" ? ["GET", "HEAD"] : [method];
}
