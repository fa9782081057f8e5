using Interactions.Contracts;

namespace Interactions.Frontend.Admission;

/// <summary>Why someone is not let in.</summary>
/// <param name="RetryAfter">When it may go better; null = as the code usually has it.</param>
internal readonly record struct Refusal(Code Code, string Detail, TimeSpan? RetryAfter = null);
