using Interactions.Contracts.Grains;
using Interactions.Silo.Hosting;
using Orleans.Concurrency;

namespace Interactions.Silo.Grains;

/// <inheritdoc cref="ISiloGrain"/>
[Reentrant, OnNamedSilo]
internal sealed class SiloGrain(FrontendLeases leases, ClusterView cluster, StreamOptions streams, DeathWatch deaths) : Grain, ISiloGrain
{
    public Task<LeaseAnswer> RenewAsync(LeaseRequest request)
    {
        if (leases.Renew(request.Frontend, request.Received) is { } mark) request.Observer.Marked(mark);
        var silos = cluster.Silos();
        return Task.FromResult(new LeaseAnswer(silos.Version, silos.Silos, leases.Take(request.Frontend)));
    }

    public Task LeaveAsync(string frontend)
    {
        leases.Left(frontend);
        return Task.CompletedTask;
    }

    public Task<byte> RulesAsync() => Task.FromResult(streams.Rules.Newest);

    public Task<bool> IsGoneAsync(string silo) => deaths.IsGoneAsync(SiloAddress.FromParsableString(silo));
}
