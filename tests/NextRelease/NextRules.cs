using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;

namespace Interactions.NextRelease;

/// <summary>The service as its next release might be: by its rules nobody may write "spoiler".</summary>
internal sealed class NextRules : IRules
{
    public const byte Version = 2;
    public const string Forbidden = "spoiler";

    public static readonly RuleBook Book = new(RuleBook.First, new Rules(), new NextRules());

    private readonly Rules _rules = new();

    public ItemResult Decide(MergedView view, Submitted item, ulong user, Stamp at, List<Effect> effects) =>
        item.Interaction is Comment comment && comment.Text.Contains(Forbidden, StringComparison.Ordinal)
            ? ItemResult.Rejected(Code.Forbidden)
            : _rules.Decide(view, item, user, at, effects);

    public ItemResult Decide(MergedView view, Taps taps, Stamp at, List<Effect> effects) => _rules.Decide(view, taps, at, effects);

    public Code Decide(MergedView view, Part local, string frontend, BatchItem item, List<Effect> effects) => _rules.Decide(view, local, frontend, item, effects);
}
