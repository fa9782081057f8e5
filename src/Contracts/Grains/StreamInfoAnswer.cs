namespace Interactions.Contracts.Grains;

/// <param name="Code"><see cref="Code.Accepted"/>, <see cref="Code.NotFound"/>, <see cref="Code.Unavailable"/>, <see cref="Code.Damaged"/> or <see cref="Code.Internal"/>.</param>
/// <param name="Info">When accepted.</param>
[GenerateSerializer, Immutable, Alias("interactions.streamInfoAnswer")]
public sealed record StreamInfoAnswer(Code Code, StreamInfo? Info = null);
