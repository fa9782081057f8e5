using Interactions.Frontend.Admission;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Hosting;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Streams;
using Microsoft.Extensions.Options;

namespace Interactions.Frontend;

/// <summary>Puts the service together by its role, and runs it: a link to the cluster, and before it a host that serves HTTP.</summary>
internal static class Service
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>A balancer sends requests to whoever listens, so a process whose cluster is there listens when it can serve them.</summary>
    private static readonly TimeSpan OpenBeforeListening = TimeSpan.FromSeconds(2);

    /// <summary>Starts, and returns when the service was told to stop and has: viewers first, then feeds, then the silo, and the log last.</summary>
    /// <param name="rules">What a silo knows; null = the rules of this version.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message names it.</exception>
    /// <exception cref="ClusterFailedException">It can't take its part in the cluster.</exception>
    public static async Task RunAsync(string[] args, RuleBook? rules = null)
    {
        var builder = Prepare(args, out var settings);
        await using var shared = new SharedServices(builder.Configuration, settings.Telemetry);
        await using var link = new ClusterLink(settings, shared, rules ?? RuleBook.Standard);
        await using var app = await BuildAsync(builder, settings, shared, link);

        // The list of silos, the log or the silos may be away when a process starts: it listens, says that it is not ready, and waits.
        if (settings.Cluster.IsAlone) await link.Opened;
        else await Task.WhenAny(link.Opened, Task.Delay(OpenBeforeListening));
        await WebServer.ListenAsync(app);
        ConsoleLogs.SayWhere(app);
        await StoppedAsync(app, link);
    }

    /// <summary>The settings alone; nothing is opened.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message names it.</exception>
    public static AllSettings ReadSettings(string[] args)
    {
        Prepare(args, out var settings);
        return settings;
    }

    private static WebApplicationBuilder Prepare(string[] args, out AllSettings settings)
    {
        var commandLine = new CommandLine(args);
        if (commandLine.Problems.Count > 0) throw new OptionsValidationException("settings", typeof(Service), commandLine.Problems);

        // Settings are read once, so nothing has to watch their files.
        string[] all = ["--hostBuilder:reloadConfigOnChange=false", .. args];
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = all, ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration["Urls"])) builder.Configuration["Urls"] = DefaultUrl;
        settings = AllSettings.Read(builder.Configuration, commandLine.Settings);
        return builder;
    }

    private static async Task<WebApplication> BuildAsync(WebApplicationBuilder builder, AllSettings settings, SharedServices shared, ClusterLink link)
    {
        var services = builder.Services;
        services.AddSettings(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(link);
        services.AddTelemetry();
        if (settings.Telemetry.Exports) services.AddHostedService<OtlpExport>();
        services.AddSingleton<IGrainFactory>(_ => link.Client);
        if (settings.Cluster.HasFrontend)
        {
            services.AddSingleton<IClusterState>(link);
            services.AddFrontend();
        }
        else
        {
            services.AddSingleton<SiloEndpoints>();
            if (settings.Cluster.Dashboard) services.AddAdmission();
        }

        if (settings.Cluster.Dashboard) DashboardHosting.AddPages(builder);

        shared.ShareWith(services);
        WebServer.Configure(builder);
        await link.Built;
        var app = builder.Build();
        settings.Unknown.Warn(app.Logger);
        if (settings.Cluster.HasFrontend) app.UseFrontend();
        else app.Services.GetRequiredService<SiloEndpoints>().Map(app);
        if (settings.Cluster is { HasFrontend: false, Dashboard: true }) DashboardHosting.Use(app);
        return app;
    }

    // A part in the cluster that fails after the server began to listen ends the process; whoever watches it starts it again.
    private static async Task StoppedAsync(WebApplication app, ClusterLink link)
    {
        var stopped = app.WaitForShutdownAsync();
        await Task.WhenAny(link.Opened, stopped);
        if (link.Opened.IsFaulted) app.Lifetime.StopApplication();
        await stopped;
        if (link.Opened.IsFaulted) await link.Opened;
    }
}
