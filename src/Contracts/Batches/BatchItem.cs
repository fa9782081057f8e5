using Interactions.Contracts.Interactions;

namespace Interactions.Contracts.Batches;

/// <summary>One thing inside an entry of a log.</summary>
public abstract record BatchItem
{
    /// <summary>About what it takes in an entry.</summary>
    public virtual int SizeBytes => 64;
}

/// <summary>An interaction that is judged by the fold.</summary>
/// <param name="User">The token's <c>sub</c>.</param>
/// <param name="Name">The token's <c>name</c>, or the user id.</param>
/// <param name="Moderates">Whether the token may moderate this stream (for deleting others' comments).</param>
/// <param name="Key">The idempotency key's 128-bit hash; 0 = none.</param>
/// <param name="Interaction">What was sent.</param>
public sealed record Submitted(string User, string Name, bool Moderates, UInt128 Key, Interaction Interaction) : BatchItem
{
    // Three bytes a character at the most.
    public override int SizeBytes => 64 + (3 * (User.Length + Name.Length)) + Interaction switch
    {
        Comment comment => 3 * comment.Text.Length,
        Cue cue => cue.Data.Length,
        OpenPoll poll => 3 * (poll.Question.Length + poll.Choices.Sum(choice => choice.Length)),
        _ => 0,
    };
}

/// <summary>The sum of anonymous taps of one kind.</summary>
public sealed record Taps(string Kind, long Count) : BatchItem;

/// <summary>An item that was refused before it was stored: its text is not kept, its answer is.</summary>
public sealed record Rejected(Code Code, long RetryAfterMs) : BatchItem;

/// <summary>Creates the stream (the first one in a log) or changes its settings.</summary>
/// <param name="Owner">The creator's <c>sub</c>; only the first counts.</param>
/// <param name="Seed">Names the creation, and seeds the hashes of user ids; only the first counts.</param>
/// <param name="Patch">What changes.</param>
public sealed record Configured(string Owner, ulong Seed, SettingsPatch Patch) : BatchItem;

/// <summary>The stream went live or ended. Going back is ignored.</summary>
public sealed record StatusSet(StreamStatus Status) : BatchItem;

/// <summary>The batch's frontend has so many viewers.</summary>
public sealed record ViewersCounted(int Count) : BatchItem;

/// <summary>A frontend is gone, and its viewers with it. Idempotent.</summary>
public sealed record FrontendGone(string Frontend) : BatchItem;

/// <summary>A user is in the room over the batch's frontend.</summary>
public sealed record RosterJoined(string User, string Name) : BatchItem;

/// <summary>A user is not in the room any more over the batch's frontend.</summary>
public sealed record RosterLeft(string User) : BatchItem;
