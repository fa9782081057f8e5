using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Grains;

/// <param name="Code"><see cref="Code.Accepted"/>, or why there is no answer.</param>
[GenerateSerializer, Immutable, Alias("interactions.timelineAnswer")]
public sealed record TimelineAnswer(Code Code, Timeline? Timeline = null);
