using Interactions.Contracts.Grains;
using Interactions.Silo.Hosting;
using Orleans.Concurrency;

namespace Interactions.Silo.Grains;

/// <inheritdoc cref="IClusterGrain"/>
[StatelessWorker(1), Reentrant]
internal sealed class ClusterGrain(ClusterView cluster, LogProbe log) : Grain, IClusterGrain
{
    public Task<SilosAnswer> SilosAsync() => Task.FromResult(cluster.Silos());

    public Task<bool> ProbeAsync() => log.AskAsync();
}
