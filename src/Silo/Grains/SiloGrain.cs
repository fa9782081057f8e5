using Interactions.Contracts.Grains;
using Interactions.Silo.Hosting;
using Orleans.Concurrency;

namespace Interactions.Silo.Grains;

/// <inheritdoc cref="ISiloGrain"/>
[Reentrant, OnNamedSilo]
internal sealed class SiloGrain(FrontendLeases leases, ClusterView cluster) : Grain, ISiloGrain
{
    public Task<LeaseAnswer> RenewAsync(LeaseRequest request)
    {
        var pushed = leases.Renew(request.Frontend, request.Received);
        if (pushed > request.Received) request.Observer.Marked(new PushMark(cluster.Local, pushed));
        var silos = cluster.Silos();
        return Task.FromResult(new LeaseAnswer(silos.Version, silos.Silos, leases.Take(request.Frontend), cluster.IsStopping));
    }

    public Task LeaveAsync(string frontend)
    {
        leases.Left(frontend);
        return Task.CompletedTask;
    }
}
