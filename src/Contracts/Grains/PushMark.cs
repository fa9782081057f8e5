namespace Interactions.Contracts.Grains;

/// <summary>How much a silo has pushed to a frontend. It goes the way of the pushes, so when it arrives, they have arrived or are lost.</summary>
/// <param name="Silo">The address of the silo.</param>
/// <param name="Bytes">About how many bytes, by the silo's own count; only rises.</param>
[GenerateSerializer, Immutable, Alias("interactions.pushMark")]
public sealed record PushMark(string Silo, long Bytes);
