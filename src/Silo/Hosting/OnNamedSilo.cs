using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Interactions.Silo.Hosting;

/// <summary>A grain lives on the silo that its key names, and nowhere else.</summary>
[GenerateSerializer, Immutable, Alias("interactions.onNamedSilo")]
internal sealed class OnNamedSilo : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnNamedSiloAttribute() : PlacementAttribute(new OnNamedSilo());

/// <exception cref="SiloUnavailableException">There is no such silo, or not any more.</exception>
internal sealed class OnNamedSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = target.GrainIdentity.Key.ToString();
        foreach (var silo in context.GetCompatibleSilos(target))
        {
            if (ClusterView.NameOf(silo) == name) return Task.FromResult(silo);
        }

        throw new SiloUnavailableException($"{name} is no active silo.");
    }
}
