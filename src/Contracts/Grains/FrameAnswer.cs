namespace Interactions.Contracts.Grains;

/// <param name="Code"><see cref="Code.Accepted"/>, or why there is no frame.</param>
/// <param name="Json">The frame as UTF-8 JSON; see <see cref="Frames.FrameJson"/>.</param>
/// <param name="Info">Of the same moment.</param>
[GenerateSerializer, Immutable, Alias("interactions.frameAnswer")]
public sealed record FrameAnswer(Code Code, byte[]? Json = null, StreamInfo? Info = null);
