using Interactions.Contracts.Grains;
using Orleans.Runtime;

namespace Interactions.Silo.Hosting;

/// <summary>The silos of the cluster as this one knows them. Safe for any thread.</summary>
internal sealed class ClusterView(IClusterMembershipService membership, ILocalSiloDetails local)
{
    private SilosAnswer? _last;

    /// <summary>This silo, as grains and frontends name it.</summary>
    public string Local { get; } = NameOf(local.SiloAddress);

    public static string NameOf(SiloAddress silo) => silo.ToParsableString();

    /// <summary>Those that have streams; one that hands them over still does.</summary>
    public SilosAnswer Silos()
    {
        var snapshot = membership.CurrentSnapshot;
        if (_last is { } last && last.Version == snapshot.Version.Value) return last;
        return _last = new SilosAnswer(
            snapshot.Version.Value,
            [.. snapshot.Members.Values.Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown).Select(member => NameOf(member.SiloAddress)).Order(StringComparer.Ordinal)]);
    }
}
