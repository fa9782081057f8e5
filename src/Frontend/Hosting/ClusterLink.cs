using System.Net.Sockets;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Settings;
using Interactions.Silo.Grains;
using Interactions.Silo.Hosting;
using Interactions.Silo.Logs;
using Interactions.Silo.Streams;
using Interactions.Silo.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime;
using StackExchange.Redis;

namespace Interactions.Frontend.Hosting;

/// <summary>
/// This process's part in its cluster, in a host of its own: the silo with its log, or the client of silos elsewhere. It is put together
/// and started beside the host that serves HTTP, and stopped after it.
/// </summary>
internal sealed class ClusterLink : IClusterState, IAsyncDisposable
{
    /// <summary>What it takes streams to store what they hold; the log closes then, whoever is not done.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    /// <summary>It goes on beside, if it takes longer.</summary>
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<IHost> _building;
    private LogServers? _logs;

    /// <param name="rules">What a silo knows.</param>
    public ClusterLink(AllSettings settings, SharedServices shared, RuleBook rules)
    {
        _building = Task.Run(() => Build(settings, shared, rules));
        Opened = StartAsync(settings.Cluster.Endpoint, settings.Cluster.IsAlone);
    }

    public event Action? SilosChanged;

    /// <summary>Completes when grains can be called: the silo serves, or the client is connected. Fails when that is not to be.</summary>
    public Task Opened { get; }

    public bool IsOpen => Opened.IsCompletedSuccessfully;

    /// <summary>Completes when <see cref="Client"/> is there; calls before <see cref="Opened"/> fail.</summary>
    public Task Built => _building;

    public IClusterClient Client => _building.IsCompletedSuccessfully
        ? _building.Result.Services.GetRequiredService<IClusterClient>()
        : throw new InvalidOperationException("The link to the cluster is not built yet.");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Opened.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_building.IsCompletedSuccessfully)
        {
            var host = await _building;
            if (Opened.IsCompletedSuccessfully) await StopAsync(host); // what never ran can't be stopped
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        if (_logs is { } logs) await logs.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task StopAsync(IHost host)
    {
        using var late = new CancellationTokenSource(StopWithin);
        try
        {
            await host.StopAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            // What streams hold is in the log; only their snapshots are missing.
        }
    }

    /// <exception cref="ClusterFailedException">The silo can't listen, or may not join.</exception>
    private async Task StartAsync(SiloEndpoint endpoint, bool isAlone)
    {
        var host = await _building;
        try
        {
            if (_logs is not null && !isAlone) await LogWait.UntilReachableAsync(_logs, host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Interactions.Silo.Hosting.LogWait"), _stopping.Token);
            await host.StartAsync(_stopping.Token);
            if (host.Services.GetService<IClusterMembershipService>() is { } membership && !isAlone) _ = TellChangesAsync(membership);

            // Where this is the only process, what its last life left half done is finished before anybody looks.
            if (host.Services.GetService<PartitionSweep>() is { } sweep && isAlone) await Task.WhenAny(sweep.Done, Task.Delay(SettleWithin, _stopping.Token));
        }
        catch (Exception failed) when (failed is SocketException or AddressInUseException or IOException { InnerException: AddressInUseException })
        {
            throw new ClusterFailedException($"Cluster:SiloPort, Cluster:GatewayPort: it is not possible to listen at {endpoint.Address}:{endpoint.SiloPort} and {endpoint.GatewayPort}. {failed.Message}", failed);
        }
        catch (Exception failed) when (failed is OrleansException or RedisException)
        {
            throw new ClusterFailedException($"This process can't join its cluster. {failed.Message}", failed);
        }
    }

    private async Task TellChangesAsync(IClusterMembershipService membership)
    {
        try
        {
            await foreach (var _ in membership.MembershipUpdates.WithCancellation(_stopping.Token)) SilosChanged?.Invoke();
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private IHost Build(AllSettings settings, SharedServices shared, RuleBook rules)
    {
        var (cluster, limits) = (settings.Cluster, settings.Limits);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(TimeProvider.System);
        if (cluster.Dashboard) DashboardHosting.Load();
        if (cluster.HasSilo)
        {
            _logs = LogOpening.Open(settings.Log, TimeProvider.System, shared.Loggers);
            var streams = new StreamOptions(settings.Region.Name, TimeSpan.FromSeconds(limits.ResumeSeconds))
            {
                IsAlone = cluster.IsAlone,
                Rules = rules,
                UserRate = cluster.IsAlone ? null : new UserRate(limits.InteractionsPerSecondPerUser, limits.BurstPerUser), // one frontend is limit enough
            };
            builder.AddSilo(new SiloOptions(streams) { StreamsPerUser = limits.StreamsPerUser }, cluster.Network, cluster.Endpoint, _logs, _stopping.Token);
            if (cluster.Dashboard) DashboardHosting.AddToSilo(builder);
        }
        else
        {
            builder.AddClusterClient(cluster.Network, () => SilosChanged?.Invoke(), _stopping.Token);
        }

        shared.ShareWith(builder.Services);
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        var host = builder.Build();
        if (cluster.HasSilo) host.Services.GetRequiredService<SiloMetrics>(); // its meters count from the start
        return host;
    }
}
