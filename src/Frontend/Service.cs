using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Api.OpenApi;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Transports.SignalR;
using Interactions.Frontend.Transports.Sse;
using Interactions.Frontend.Transports.WebSocket;
using Interactions.Silo.Logs;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Logs.Redis;
using Interactions.Silo.Logs.Rocks;
using Interactions.Silo.Nodes;
using Interactions.Contracts.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Interactions.Frontend;

/// <summary>Puts the service together: log → node → rooms → transports and API.</summary>
internal static class Service
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>A balancer sends requests to whoever listens, so a node whose store is there listens when it can serve them.</summary>
    private static readonly TimeSpan OpenBeforeListening = TimeSpan.FromSeconds(2);

    /// <exception cref="OptionsValidationException">A setting is wrong; the message names it.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = Prepare(args);
        var services = builder.Services;
        services.AddAdmission();
        services.AddTelemetry();
        services.AddSingleton<DocumentEndpoint>();
        services.AddSingleton(TimeProvider.System);
        AddStreams(services);
        var telemetry = TelemetryOptions.Read(new OptionReader(builder.Configuration));
        if (telemetry.Exports) OtlpExport.Add(builder, telemetry); // else its assemblies are not even loaded
        AddTransports(services);
        ConfigureServer(builder);

        var app = builder.Build();
        app.Services.GetRequiredService<UnknownSettings>().Warn(app.Logger);
        app.UseMiddleware<Errors>();
        app.UseMiddleware<ForwardedClients>();
        UseCors(app);
        app.UseMiddleware<HubDoor>();
        app.UseMiddleware<PageHeaders>();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseRouting();
        Routes.Map(app);
        return app;
    }

    /// <summary>The settings of the log alone; nothing is opened.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message names it.</exception>
    public static LogSettings ReadLogSettings(string[] args) => Prepare(args).Build().Services.GetRequiredService<LogSettings>();

    private static WebApplicationBuilder Prepare(string[] args)
    {
        var commandLine = new CommandLine(args);
        if (commandLine.Problems.Count > 0) throw new OptionsValidationException("settings", typeof(Service), commandLine.Problems);

        // Settings are read once, so nothing has to watch their files.
        string[] all = ["--hostBuilder:reloadConfigOnChange=false", .. args];
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = all, ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration["Urls"])) builder.Configuration["Urls"] = DefaultUrl;

        ConsoleLogs.Add(builder.Logging);
        builder.Services.AddInteractionsOptions(builder.Configuration, commandLine.Settings);
        return builder;
    }

    /// <summary>Opens the log and the directory, listens, and returns when the service was told to stop and has.</summary>
    public static async Task RunAsync(WebApplication app)
    {
        await using var log = app.Services.GetRequiredService<IStreamLog>();
        await using (var node = app.Services.GetRequiredService<Node>())
        {
            // A shared store may be away when a node starts: it listens, says that it is not ready, and waits for it.
            var opened = node.StartAsync();
            if (log.IsShared) await Task.WhenAny(opened, Task.Delay(OpenBeforeListening));
            else await opened;
            await ListenAsync(app);
            ConsoleLogs.SayWhere(app);
            await app.WaitForShutdownAsync();
        }

        app.Services.GetRequiredService<Rooms>().Dispose();
    }

    // Without a certificate Kestrel fails only when it begins to listen.
    private static async Task ListenAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (InvalidOperationException failed) when (ListenAddresses.AnySecure(app.Configuration))
        {
            throw new OptionsValidationException("settings", typeof(Service), [$"Urls: {failed.Message.Split('\n')[0].TrimEnd()}"]);
        }
    }

    private static void AddStreams(IServiceCollection services)
    {
        services.AddSingleton<IStreamLog>(provider =>
        {
            var settings = provider.GetRequiredService<LogSettings>();
            var time = provider.GetRequiredService<TimeProvider>();
            return settings.Kind switch
            {
                LogKind.Memory => new MemoryLog(time),
                LogKind.Redis => OpenRedis(settings, time, provider),
                _ => RocksLog.Open(
                    new RocksLogOptions { Path = settings.Path, KeepHours = settings.KeepHours }, time, provider.GetRequiredService<ILogger<RocksLog>>()),
            };
        });
        services.AddSingleton(provider =>
        {
            var limits = provider.GetRequiredService<LimitOptions>();
            return new NodeOptions(
                provider.GetRequiredService<RegionOptions>().Name,
                TimeSpan.FromSeconds(limits.ResumeSeconds),
                TimeSpan.FromSeconds(limits.IdleCloseSeconds)) { StreamsPerUser = limits.StreamsPerUser };
        });
        services.AddSingleton<DeadlineQueue>();
        services.AddSingleton<StreamDirectory>();
        services.AddSingleton(provider => provider.GetRequiredService<NodeOptions>().Node);
        services.AddSingleton<NodeLeases>();
        services.AddSingleton<Node>();
    }

    private static PlacedLog OpenRedis(LogSettings settings, TimeProvider time, IServiceProvider provider)
    {
        var logger = provider.GetRequiredService<ILogger<RedisLog>>();
        var servers = settings.Redis.Select(server => KeyValuePair.Create(server.Name, (IStreamLog)RedisLog.Open(
            new RedisLogOptions(server.Server) { Password = settings.RedisPassword, Tls = settings.RedisTls, KeepHours = settings.KeepHours }, time, logger, provider.GetService<SiloMetrics>())));

        // The directory is itself in the log, so it is asked for only when a stream is looked for.
        return new PlacedLog([.. servers], stream => provider.GetRequiredService<StreamDirectory>().StoreOf(stream));
    }

    private static void AddTransports(IServiceCollection services)
    {
        services.AddSingleton<Draining>();
        services.AddSingleton<Rooms>();
        services.AddSingleton<Gatekeeper>();
        services.AddSingleton<Sender>();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddSingleton<StreamRequest>();
        services.AddSingleton<ContentCoding>();
        services.AddSingleton<DirectoryPages>();
        services.AddSingleton<StreamEndpoints>();
        services.AddSingleton<StreamListEndpoint>();
        services.AddSingleton<InteractionEndpoints>();
        services.AddSingleton<PingEndpoint>();
        services.AddSingleton<BansEndpoint>();
        services.AddSingleton<LogEndpoint>();
        services.AddSingleton<TimelineEndpoint>();
        services.AddSingleton<OperatorEndpoints>();
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
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<Admission.CorsOptions>((cors, ours) =>
            cors.AddDefaultPolicy(policy =>
            {
                if (ours.AllowsAny) policy.AllowAnyOrigin();
                else policy.WithOrigins([.. ours.Origins]).AllowCredentials();
                policy.AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Retry-After", "Location").SetPreflightMaxAge(TimeSpan.FromHours(1));
            }));
        services.AddSignalR(hub =>
        {
            hub.KeepAliveInterval = TimeSpan.FromSeconds(15);
            hub.MaximumParallelInvocationsPerClient = 16;
        });
        services.AddOptions<Microsoft.AspNetCore.SignalR.HubOptions>()
            .Configure<LimitOptions>((hub, limits) => hub.MaximumReceiveMessageSize = limits.BodyBytes);

        services.AddSingleton<StreamItems>();
        services.AddSingleton<HubErrors>();
        services.AddSingleton<HubSockets>();
        services.AddSingleton<HubLifetimeManager<InteractionsHub>, HubConnections>();

        // The last registered protocol of a name is the one that is used.
        services.AddSingleton<IHubProtocol>(provider => new InteractionsProtocol(
            new JsonHubProtocol(provider.GetRequiredService<IOptions<Microsoft.AspNetCore.SignalR.JsonHubProtocolOptions>>()), provider.GetRequiredService<LimitOptions>().BodyBytes));
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

    private static void ConfigureServer(WebApplicationBuilder builder)
    {
        // Where nothing speaks TLS, nothing of it is loaded.
        if (ListenAddresses.AnySecure(builder.Configuration)) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(OurEnd.Before));
            kestrel.Limits.MaxResponseBufferSize = ViewerSockets.MostUnsent;
            kestrel.Limits.MaxRequestLineSize = HeadParser.MostBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeadParser.MostBytes;
            kestrel.Limits.RequestHeadersTimeout = LiveLoops.RequestWithin;

            // Bodies are limited by Limits:BodyBytes, with an answer that says so.
            kestrel.Limits.MaxRequestBodySize = 8 << 20;
        });
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.Backlog = 4096;
            sockets.MaxWriteBufferSize = ViewerSockets.MostUnsent;
            sockets.CreateBoundListenSocket = endpoint =>
            {
                var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
                ViewerSockets.Tune(socket);
                return socket;
            };
        });
        builder.Services.AddOptions<HostOptions>().Configure<LimitOptions>((host, limits) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(limits.DrainSeconds + 5));
    }
}
