using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Grains;

/// <param name="Code"><see cref="Code.Accepted"/>; <see cref="Code.UnknownComment"/>: the one before which they were to be is not kept.</param>
/// <param name="Comments">Oldest first.</param>
[GenerateSerializer, Immutable, Alias("interactions.commentsAnswer")]
public sealed record CommentsAnswer(Code Code, IReadOnlyList<ShownComment>? Comments = null);
