using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Grains;

/// <param name="Code"><see cref="Code.Accepted"/>, or why there is no answer.</param>
[GenerateSerializer, Immutable, Alias("interactions.bansAnswer")]
public sealed record BansAnswer(Code Code, IReadOnlyList<BanRow>? Bans = null);
