using Interactions.Silo.Hosting;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Interactions.Frontend.Hosting;

/// <summary>Puts a client of a cluster into a host: what a frontend reaches streams by that live in other processes.</summary>
internal static class ClusterClientHosting
{
    /// <summary>Silos that came or went are noticed within this; the client uses those that it knows meanwhile.</summary>
    private static readonly TimeSpan LookForSilosEvery = TimeSpan.FromSeconds(5);

    /// <summary>Adds the client. It is connected when the host is started, however long that takes.</summary>
    /// <param name="network">With Redis.</param>
    /// <param name="disconnected">A connection to a silo ended.</param>
    /// <param name="stopping">Ends waiting for a Redis that is away.</param>
    public static void AddClusterClient(this IHostApplicationBuilder builder, ClusterNetwork network, Action disconnected, CancellationToken stopping) => builder.UseOrleansClient(client =>
    {
        client.Configure<Orleans.Configuration.ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (network.Id, network.Id));
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ClusterNetwork.AnswerWithin);
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = LookForSilosEvery);
        client.AddGatewayCountChangedHandler((_, count) =>
        {
            if (count.NumberOfConnectedGateways < count.PreviousNumberOfConnectedGateways) disconnected();
        });
        client.UseConnectionRetryFilter<PatientRetry>();
        client.UseRedisClustering(_ => { });
        client.Services.AddOptions<RedisClusteringOptions>().Configure<ILoggerFactory>((redis, loggers) => MembershipRedis.Configure(redis, network, loggers, stopping));
        if (network.Certificate is { } certificate) client.UseTls(certificate.Configure);
    });
}
