using Interactions.Silo.Grains;
using Interactions.Silo.Logs;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Runtime;

namespace Interactions.Silo.Hosting;

/// <summary>Puts a silo into a host: the place where streams live.</summary>
public static class SiloHosting
{
    /// <summary>Before a silo that stops begins to leave, clients are told to send what they have by others.</summary>
    private static readonly TimeSpan ClientsHearWithin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds the silo. It serves when the host is started, and hands over what it holds when the host stops.
    /// </summary>
    /// <param name="network">Without Redis, this process is the whole cluster, and listens for no other.</param>
    /// <param name="endpoint">Where others reach it; unused without Redis.</param>
    /// <param name="logs">Where streams are kept; the host does not close them.</param>
    /// <param name="stopping">Ends waiting for a Redis that is away.</param>
    public static void AddSilo(
        this IHostApplicationBuilder builder, SiloOptions options, ClusterNetwork network, SiloEndpoint endpoint, LogServers logs, CancellationToken stopping = default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(logs);
        var services = builder.Services;
        services.AddSingleton(options).AddSingleton(options.Streams).AddSingleton(logs);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SiloMetrics>();
        services.AddSingleton(static services => new FrontendLeases(services.GetRequiredService<ClusterView>().Local, services.GetRequiredService<TimeProvider>()));
        services.AddSingleton<StreamRegister>();
        services.AddSingleton(provider => new ClockWatch(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ClockWatch>>(), provider.GetRequiredService<SiloMetrics>()));
        services.AddSingleton<ClusterView>();
        services.AddSingleton<ClusterRules>().AddHostedService(static provider => provider.GetRequiredService<ClusterRules>());
        services.AddSingleton<DeathWatch>();
        services.AddSingleton<LogProbe>();
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (network.Id, network.Id));
            silo.Configure<SiloMessagingOptions>(messaging =>
                (messaging.ResponseTimeout, messaging.ClientGatewayShutdownNotificationTimeout) = (ClusterNetwork.AnswerWithin, ClientsHearWithin));
            silo.Configure<LoadSheddingOptions>(shedding => shedding.LoadSheddingEnabled = false);
            silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromMinutes(15));
            silo.Services.AddPlacementDirector<OnNamedSilo, OnNamedSiloDirector>();
            if (network.Redis is null) BeAlone(silo);
            else Join(silo, network, endpoint, stopping);
        });
        if (network.Redis is not null)
        {
            services.AddHostedService<ClusterNews>().AddHostedService<MembershipKeeper>();
            services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, HandOver>();
        }

        services.AddSingleton<PartitionSweep>().AddHostedService(static provider => provider.GetRequiredService<PartitionSweep>()); // started when the silo is
    }

    private static void BeAlone(ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(gatewayPort: 0);
        NoListener.Use(silo.Services);
    }

    private static void Join(ISiloBuilder silo, ClusterNetwork network, SiloEndpoint endpoint, CancellationToken stopping)
    {
        silo.Configure<EndpointOptions>(options =>
            (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (endpoint.Address, endpoint.SiloPort, endpoint.GatewayPort));
        silo.UseRedisClustering(_ => { });
        silo.Services.AddSingleton<MembershipConnection>();
        silo.Services.AddOptions<RedisClusteringOptions>().Configure<ILoggerFactory, MembershipConnection>((redis, loggers, connection) =>
            MembershipRedis.Configure(redis, network, loggers, stopping, connection.Set));
        silo.Configure<ClusterMembershipOptions>(Watch);
        silo.Configure<SiloConnectionOptions>(static connections =>
        {
            connections.ConfigureSiloInboundConnection(DeathWatch.Watch);
            connections.ConfigureSiloOutboundConnection(DeathWatch.Watch);
        });
        if (network.Certificate is { } certificate) silo.UseTls(certificate.Configure);
    }

    // A process that died is found at once (DeathWatch). A machine or a link that is gone is found by three missed probes, 2 to 4 s:
    // two are missed by healthy ones where cores are short. One
    // that left its row behind while no other was there, 15 s after its last sign of life: the next one to start does not wait for it.
    private static void Watch(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.NumMissedProbesLimit = 3;
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.NumMissedTableIAmAliveLimit = 3;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);

        // Both compare the clocks of two machines, which may be off by much: one that joins is not late because it says so.
        membership.EvictWhenMaxJoinAttemptTimeExceeded = false;
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
        membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
    }
}
