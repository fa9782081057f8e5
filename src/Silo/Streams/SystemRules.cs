using Interactions.Contracts;
using Interactions.Contracts.Batches;

namespace Interactions.Silo.Streams;

/// <summary>Decides what frontends and owners say about a stream. Only settings are ever rejected; what does not apply has no effect.</summary>
internal static class SystemRules
{
    public static Code Check(MergedView view, SettingsPatch patch) =>
        patch.Reactions is { } kinds && view.KnownKinds().Union(kinds).Count() > Part.MostKinds && !kinds.All(view.KnownKinds().Contains)
            ? Code.TooManyKinds
            : Code.Accepted;

    public static Code Decide(MergedView view, Part local, string frontend, BatchItem item, List<Effect> effects)
    {
        switch (item)
        {
            case Configured configured:
                if (Check(view, configured.Patch) is var code and not Code.Accepted) return code;
                var creation = view.Creation is null ? new StreamCreation(configured.Owner, configured.Seed) : null;
                effects.Add(new SettingsSet(view.Settings.With(configured.Patch), creation));
                break;
            case StatusSet set when view.Creation is not null && set.Status > view.Status:
                effects.Add(new StatusChanged(set.Status));
                break;
            case ViewersCounted counted when local.Occupancy.CountOf(frontend) != Math.Max(0, counted.Count):
                effects.Add(new FrontendCounted(frontend, Math.Max(0, counted.Count)));
                break;
            case FrontendGone gone when local.Occupancy.Frontends.Contains(gone.Frontend):
                effects.Add(new FrontendRemoved(gone.Frontend, Leaving(view, local, gone.Frontend)));
                break;
            case RosterJoined joined when view.RosterOpen:
                effects.Add(new RosterEntered(frontend, joined.User, joined.Name) { WasThere = view.IsPresent(joined.User) });
                break;
            case RosterLeft left when local.Occupancy.Has(frontend, left.User):
                effects.Add(new RosterExited(frontend, left.User) { StillThere = FrontendsOf(view, left.User) > 1 });
                break;
        }

        return Code.Accepted;
    }

    private static int FrontendsOf(MergedView view, string user) =>
        view.Parts.Sum(part => part.Occupancy.Frontends.Count(frontend => part.Occupancy.Has(frontend, user)));

    private static string[] Leaving(MergedView view, Part local, string frontend) =>
        [.. local.Occupancy.MembersOf(frontend).Where(user => FrontendsOf(view, user) == 1)];
}
