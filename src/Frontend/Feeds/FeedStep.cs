using Interactions.Contracts.Effects;
using Interactions.Contracts.Views;

namespace Interactions.Frontend.Feeds;

/// <summary>What one entry changed, as it goes into a feed.</summary>
/// <param name="Shown">How log times are shown from now on.</param>
/// <param name="Trace">The <c>traceparent</c> of the entry's fold; null = it is not traced.</param>
internal readonly record struct FeedStep(EntryEffects Entry, ShownTime Shown, string? Trace = null);
