using Interactions.Contracts.Grains;
using Interactions.Silo.Hosting;
using Orleans.Concurrency;

namespace Interactions.Silo.Grains;

/// <inheritdoc cref="ISiloGrain"/>
[Reentrant, OnNamedSilo]
internal sealed class SiloGrain(FrontendLeases leases, ClusterView cluster) : Grain, ISiloGrain
{
    public Task<LeaseAnswer> RenewAsync(string frontend)
    {
        leases.Heard(frontend);
        var silos = cluster.Silos();
        return Task.FromResult(new LeaseAnswer(silos.Version, silos.Silos, leases.Take(frontend), cluster.IsStopping));
    }

    public Task LeaveAsync(string frontend)
    {
        leases.Left(frontend);
        return Task.CompletedTask;
    }
}
