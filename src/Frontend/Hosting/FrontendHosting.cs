using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Api.OpenApi;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Transports.SignalR;
using Interactions.Frontend.Transports.Sse;
using Interactions.Frontend.Transports.WebSocket;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Interactions.Frontend.Hosting;

/// <summary>Puts a frontend into the host that serves HTTP: admission → feeds → rooms → transports and API.</summary>
internal static class FrontendHosting
{
    /// <summary>Needs the settings, the telemetry and an <see cref="IGrainFactory"/>.</summary>
    public static void AddFrontend(this IServiceCollection services)
    {
        services.AddAdmission();
        services.AddSingleton<DocumentEndpoint>();
        services.AddFeeds();
        services.AddSingleton<Rooms>();
        services.AddSingleton<Gatekeeper>();
        services.AddSingleton<Sender>();
        services.AddSingleton<Draining>();
        services.AddHostedService<Drain>();
        AddEndpoints(services);
        AddLiveConnections(services);
        AddCors(services);
        AddHub(services);
    }

    /// <summary>Every path and what stands before it. The link to the cluster has to be built.</summary>
    public static void UseFrontend(this WebApplication app)
    {
        app.UseMiddleware<Errors>();
        app.UseMiddleware<ForwardedClients>();
        UseCors(app);
        app.UseMiddleware<HubDoor>();
        app.UseMiddleware<PageHeaders>();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        if (app.Services.GetRequiredService<Settings.ClusterOptions>().Dashboard) DashboardHosting.Use(app);
        app.UseRouting();
        Routes.Map(app);
    }

    private static void AddEndpoints(IServiceCollection services)
    {
        services.AddSingleton<StreamRequest>();
        services.AddSingleton<DirectoryPages>();
        services.AddSingleton<ContentCoding>();
        services.AddSingleton<StreamEndpoints>();
        services.AddSingleton<StreamListEndpoint>();
        services.AddSingleton<InteractionEndpoints>();
        services.AddSingleton<PingEndpoint>();
        services.AddSingleton<BansEndpoint>();
        services.AddSingleton<LogEndpoint>();
        services.AddSingleton<TimelineEndpoint>();
        services.AddSingleton<OperatorEndpoints>();
    }

    private static void AddLiveConnections(IServiceCollection services)
    {
        services.AddSingleton<ConnectBudget>();
        services.AddSingleton<ConnectionCaps>();
        services.AddSingleton<Admittance>();
        services.AddSingleton<LiveLoops>();
        services.AddSingleton(provider => new OpenFiles(
            Libc.MostOpen(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OpenFiles>>()));
        services.AddSingleton<DirectUpgrade>();
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<IConnectionListenerFactory, LiveListenerFactory>(); // asked before Kestrel's own, as the last registered
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<SocketEndpoint>();
        services.AddSingleton<ClosingSockets>();
        services.AddSingleton<FramedSockets>();
    }

    private static void AddCors(IServiceCollection services)
    {
        CorsServiceCollectionExtensions.AddCors(services);
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<Settings.CorsOptions>((cors, ours) =>
            cors.AddDefaultPolicy(policy =>
            {
                if (ours.AllowsAny) policy.AllowAnyOrigin();
                else policy.WithOrigins([.. ours.Origins]).AllowCredentials();
                policy.AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Retry-After", "Location").SetPreflightMaxAge(TimeSpan.FromHours(1));
            }));
    }

    private static void AddHub(IServiceCollection services)
    {
        services.AddSignalR(hub =>
        {
            hub.KeepAliveInterval = TimeSpan.FromSeconds(15);
            hub.MaximumParallelInvocationsPerClient = 16;
        });
        services.AddOptions<HubOptions>().Configure<LimitOptions>((hub, limits) => hub.MaximumReceiveMessageSize = limits.BodyBytes);
        services.AddSingleton<StreamItems>();
        services.AddSingleton<HubErrors>();
        services.AddSingleton<HubSockets>();
        services.AddSingleton<HubLifetimeManager<InteractionsHub>, HubConnections>();

        // The last registered protocol of a name is the one that is used.
        services.AddSingleton<IHubProtocol>(provider => new InteractionsProtocol(
            new JsonHubProtocol(provider.GetRequiredService<IOptions<JsonHubProtocolOptions>>()), provider.GetRequiredService<LimitOptions>().BodyBytes));
    }

    // Tokens for development are the own page's alone, so that nothing of them is other sites' to ask for. What UseMiddleware does for a
    // middleware that asks for more than the request is to compile an expression tree, for which 3 MB are loaded.
    private static void UseCors(WebApplication app)
    {
        var policies = app.Services.GetRequiredService<ICorsPolicyProvider>();
        app.Use(next =>
        {
            var cors = new CorsMiddleware(next, app.Services.GetRequiredService<ICorsService>(), app.Services.GetRequiredService<ILoggerFactory>());
            return http => http.Request.Path.StartsWithSegments(DevTokens.Path) ? next(http) : cors.Invoke(http, policies);
        });
    }
}
