using Interactions.Contracts;

namespace Interactions.Frontend.Api;

/// <param name="Results">One for each item, in order.</param>
/// <param name="RateLimitedFor">Not null: nothing was taken, and this is how long to wait.</param>
/// <param name="WrongShape">Not null: nothing was taken, for what was sent does not have the shape that this stream wants; a sentence for the sender.</param>
internal readonly record struct SendOutcome(IReadOnlyList<ItemResult> Results, TimeSpan? RateLimitedFor, string? WrongShape = null);
