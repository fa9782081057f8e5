namespace Interactions.Contracts.Grains;

/// <param name="Code">
/// <see cref="Code.Accepted"/>; <see cref="Code.NotFound"/>: there is no such stream, or not the one that was meant any more;
/// <see cref="Code.Conflict"/>: it was to be created and is there, or it has ended; <see cref="Code.TooManyStreams"/>;
/// <see cref="Code.TooManyKinds"/>; <see cref="Code.Unavailable"/>: the outcome is unknown, and what was begun is finished in time.
/// </param>
/// <param name="Info">The stream, when it is there after a change that was done.</param>
[GenerateSerializer, Immutable, Alias("interactions.changeAnswer")]
public sealed record ChangeAnswer(Code Code, StreamInfo? Info = null);
