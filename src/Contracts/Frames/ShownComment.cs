using System.Text;

namespace Interactions.Contracts.Frames;

/// <param name="Id"><c>EPOCH.OFFSET.INDEX</c> of where it was first ordered.</param>
/// <param name="AtMs">Log time, ms since 1970 UTC.</param>
[GenerateSerializer, Immutable, Alias("interactions.shownComment")]
public sealed record ShownComment(string Id, string User, string Name, string Text, long AtMs, string? ReplyTo)
{
    private const int Names = 80;

    /// <summary>About what it takes in a frame, in bytes.</summary>
    public int SizeBytes => Names + Id.Length + User.Length + Name.Length + (ReplyTo?.Length ?? 0) + Encoding.UTF8.GetByteCount(Text);
}
