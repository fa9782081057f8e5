namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>The log's Redis syncs every second, so that it may lose the last one.</summary>
public sealed class LazyRedisCluster : FaultCluster
{
    private protected override Task<Cluster> StartAsync() => StartApartAsync(redis: ["--appendfsync", "everysec"]);
}
