using Interactions.Contracts;
using Interactions.Contracts.Batches;

namespace Interactions.Silo.Streams;

/// <summary>
/// One version of what decides: accepted with these effects, or rejected with a code. Pure, and changes nothing. The same entries have
/// to be decided in the same way for ever, so any other decision is another version.
/// </summary>
internal interface IRules
{
    /// <summary>What a user sends. Roles were checked where the token was seen; here only what depends on the stream's state.</summary>
    ItemResult Decide(MergedView view, Submitted item, ulong user, Stamp at, List<Effect> effects);

    ItemResult Decide(MergedView view, Taps taps, Stamp at, List<Effect> effects);

    /// <summary>What frontends and owners say about a stream.</summary>
    Code Decide(MergedView view, Part local, string frontend, BatchItem item, List<Effect> effects);
}
