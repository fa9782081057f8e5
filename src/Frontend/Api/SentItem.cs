using Interactions.Contracts.Interactions;

namespace Interactions.Frontend.Api;

/// <summary>One interaction of a body or message, of good shape; nobody has judged it yet.</summary>
/// <param name="Interaction">What was sent.</param>
/// <param name="Key">The idempotency key's hash; 0 = none was given.</param>
internal readonly record struct SentItem(Interaction Interaction, UInt128 Key);
