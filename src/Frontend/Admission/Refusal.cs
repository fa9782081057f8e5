using Interactions.Contracts;

namespace Interactions.Frontend.Admission;

/// <summary>Why someone is not let in.</summary>
internal readonly record struct Refusal(Code Code, string Detail);
