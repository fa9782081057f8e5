using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>Each silo reaches the log's Redis over a link of its own.</summary>
public sealed class LinkedCluster : FaultCluster
{
    private readonly FaultyLink?[] _links = new FaultyLink?[2];

    /// <summary>In the order of the silos.</summary>
    internal FaultyLink[] Links => [.. _links.Select(link => link!)];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var link in _links)
        {
            if (link is not null) await link.DisposeAsync();
        }
    }

    // Streams are remembered to be on a server of this name, and each silo finds it in another place.
    private protected override Task<Cluster> StartAsync() =>
        StartApartAsync(storeOf: (redis, silo) => $"one={(_links[silo] = new FaultyLink(redis.Port)).Address}");

    private protected override Task HealAsync()
    {
        foreach (var link in Links) link.Mend();
        return base.HealAsync();
    }
}
