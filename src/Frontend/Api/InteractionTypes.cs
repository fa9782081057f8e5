using Interactions.Contracts.Interactions;
using Interactions.Frontend.Admission;

namespace Interactions.Frontend.Api;

/// <summary>What is known of an interaction by its type alone.</summary>
internal static class InteractionTypes
{
    /// <summary>As in its JSON, and as a metric tag.</summary>
    public static string Name(Interaction interaction) => interaction switch
    {
        Reaction => "reaction",
        Comment => "comment",
        Vote => "vote",
        Delete => "delete",
        Pin => "pin",
        Unpin => "unpin",
        Ban => "ban",
        Unban => "unban",
        Cue => "cue",
        OpenPoll => "poll",
        ClosePoll => "closePoll",
        _ => "other",
    };

    /// <summary>The least role that may send it; whether an author deletes their own comment is the fold's to know.</summary>
    public static Role RequiredRole(Interaction interaction) => interaction switch
    {
        Reaction or Comment or Vote or Delete => Role.Viewer,
        Pin or Unpin or Ban or Unban => Role.Moderator,
        Cue or OpenPoll or ClosePoll => Role.Broadcaster,
        _ => Role.Admin,
    };
}
