using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster;

/// <summary>Two processes that are silo and frontend each, for all tests of a class: each uses streams of its own.</summary>
public sealed class PairOfNodes : IAsyncLifetime
{
    private Cluster? _cluster;

    public async ValueTask InitializeAsync() => _cluster = await Cluster.StartAsync(2, settings: ["--Limits:DrainSeconds", "1"]);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    /// <summary>Both, running, whatever another test did to them.</summary>
    internal async Task<ServiceProcess[]> WholeAsync()
    {
        await _cluster!.HealAsync();
        return _cluster.Nodes;
    }
}
