using Interactions.Contracts;
using Interactions.Frontend.Api;

namespace Interactions.Frontend.Admission;

/// <summary>Why someone is not let in.</summary>
/// <param name="RetryAfter">When it may go better; null = as the code usually has it.</param>
internal readonly record struct Refusal(Code Code, string Detail, TimeSpan? RetryAfter = null)
{
    public static readonly Refusal NoSuchStream = new(Code.NotFound, Failure.NoSuchStream);

    /// <summary>What was needed to let someone in failed.</summary>
    public static Refusal Of(Exception failed) => new(Failure.CodeOf(failed), Failure.DetailOf(failed));
}
