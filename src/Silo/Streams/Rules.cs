using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Text;
using Interactions.Contracts.Views;

namespace Interactions.Silo.Streams;

/// <summary>The rules of today. Entries say by which they were decided: once released, these decide for ever as they do.</summary>
internal sealed class Rules : IRules
{
    public ItemResult Decide(MergedView view, Submitted item, ulong user, Stamp at, List<Effect> effects)
    {
        if (view.Creation is null || view.Status != StreamStatus.Live) return ItemResult.Rejected(Code.NotLive);
        if (Banned(view, item, user, at.AtMs) is { } banned) return banned;
        return item.Interaction switch
        {
            Reaction reaction => React(view, reaction, user, at, effects),
            Comment comment => AddComment(view, item, comment, user, at, effects),
            Cue cue => Accept(at, effects, new CueShown(new ShownCue(cue.Name, cue.Data, at.AtMs))),
            Pin pin => AddPin(view, pin, at, effects),
            Unpin => Accept(at, effects, new PinSet(null)),
            Delete delete => Remove(view, item, delete, at, effects),
            Ban ban => Accept(at, effects, new BanSet(view.HashOf(ban.User), ban.User, UntilMs(ban, at.AtMs), ban.Shadow)),
            Unban unban => LiftBan(view, unban, at, effects),
            OpenPoll poll => Open(view, poll, at, effects),
            ClosePoll poll => Close(view, poll, at, effects),
            Vote vote => AddVote(view, vote, user, at, effects),
            var other => throw new ArgumentException($"{other.GetType().Name} has no rule.", nameof(item)),
        };
    }

    public ItemResult Decide(MergedView view, Taps taps, Stamp at, List<Effect> effects)
    {
        if (view.Creation is null || view.Status != StreamStatus.Live) return ItemResult.Rejected(Code.NotLive);
        return AddTaps(view, taps.Kind, taps.Count, at, effects);
    }

    public Code Decide(MergedView view, Part local, string frontend, BatchItem item, List<Effect> effects) =>
        SystemRules.Decide(view, local, frontend, item, effects);

    private static ItemResult Accept(Stamp at) => ItemResult.Accepted(at.Position, at.Index);

    private static ItemResult Accept(Stamp at, List<Effect> effects, Effect effect)
    {
        effects.Add(effect);
        return Accept(at);
    }

    private static ItemResult? Banned(MergedView view, Submitted item, ulong user, long nowMs)
    {
        if (item.Moderates || item.Interaction is not (Reaction or Comment or Vote)) return null;
        if (view.BanOf(user) is not { } ban || !ban.IsTold(nowMs)) return null;
        return ItemResult.Rejected(Code.Banned, ban.UntilMs == BanMark.Endless ? 0 : ban.UntilMs - nowMs);
    }

    private static ItemResult React(MergedView view, Reaction reaction, ulong user, Stamp at, List<Effect> effects)
    {
        if (view.Settings.Tap) return AddTaps(view, reaction.Kind, reaction.Count, at, effects);
        if (!view.Settings.Reactions.Contains(reaction.Kind)) return ItemResult.Rejected(Code.UnknownKind);

        // Also when it is on already: across regions the last word counts, so its time has to be known.
        return Accept(at, effects, new ReactionSet(reaction.Kind, user, reaction.Count > 0));
    }

    private static ItemResult AddTaps(MergedView view, string kind, long count, Stamp at, List<Effect> effects)
    {
        if (Known(view.Settings.Reactions, kind) is not { } known) return ItemResult.Rejected(Code.UnknownKind);
        return count > 0 ? Accept(at, effects, new TapsAdded(known, count)) : Accept(at);
    }

    // The settings' own text: it is what is kept, not one for each batch.
    private static string? Known(IReadOnlyList<string> kinds, string kind)
    {
        for (var i = 0; i < kinds.Count; i++)
        {
            if (kinds[i] == kind) return kinds[i];
        }

        return null;
    }

    private static ItemResult AddComment(MergedView view, Submitted item, Comment comment, ulong user, Stamp at, List<Effect> effects)
    {
        if (!Blanks.ShowsAnything(comment.Text)) return ItemResult.Rejected(Code.Empty);
        if (CodePoints.Count(comment.Text) > view.Settings.MaxCommentLength) return ItemResult.Rejected(Code.TooLong);
        if (comment.ReplyTo is { } replyTo && Visible(view, replyTo, item.User) is null) return ItemResult.Rejected(Code.UnknownComment);
        var wait = item.Moderates ? 0 : SlowModeWaitMs(view, user, at.AtMs);
        if (wait > 0) return ItemResult.Rejected(Code.SlowMode, wait);
        var shadow = !item.Moderates && view.BanOf(user) is { Shadow: true } ban && ban.IsActive(at.AtMs);
        var shown = new ShownComment($"{at.Position}.{at.Index}", item.User, item.Name, comment.Text, at.AtMs, comment.ReplyTo);
        return Accept(at, effects, new CommentAdded(shown, user, shadow));
    }

    public static long SlowModeWaitMs(MergedView view, ulong user, long nowMs)
    {
        if (view.Settings.SlowModeSeconds <= 0) return 0;
        var last = view.LastCommentMs(user);
        return last < 0 ? 0 : Math.Max(0, last + (view.Settings.SlowModeSeconds * 1000L) - nowMs);
    }

    private static ItemResult AddPin(MergedView view, Pin pin, Stamp at, List<Effect> effects) =>
        Known(view, pin.CommentId) is { Shadow: false } comment
            ? Accept(at, effects, new PinSet(comment.Shown))
            : ItemResult.Rejected(Code.UnknownComment);

    private static ItemResult Remove(MergedView view, Submitted item, Delete delete, Stamp at, List<Effect> effects)
    {
        // Someone who can't see a shadow comment is not told that there is one.
        var comment = item.Moderates ? Known(view, delete.CommentId) : Visible(view, delete.CommentId, item.User);
        if (comment is null) return ItemResult.Rejected(Code.UnknownComment);
        var author = comment.Shown.User;
        if (!item.Moderates && author != item.User) return ItemResult.Rejected(Code.Forbidden);
        effects.Add(new CommentRemoved(comment.Id, comment.Shown.AtMs, comment.Shadow ? author : null));
        return view.Pinned()?.Id == comment.Id ? Accept(at, effects, new PinSet(null)) : Accept(at);
    }

    private static long UntilMs(Ban ban, long nowMs) => ban.Seconds is { } seconds ? nowMs + (seconds * 1000L) : BanMark.Endless;

    private static ItemResult LiftBan(MergedView view, Unban unban, Stamp at, List<Effect> effects)
    {
        var user = view.HashOf(unban.User);
        return view.BanOf(user) is { } ban && ban.IsActive(at.AtMs) ? Accept(at, effects, new BanSet(user, unban.User, 0, false)) : Accept(at);
    }

    private static ItemResult Open(MergedView view, OpenPoll poll, Stamp at, List<Effect> effects) =>
        view.Poll(poll.Id) is null
            ? Accept(at, effects, new PollOpened(poll.Id, poll.Question, poll.Choices))
            : ItemResult.Rejected(Code.DuplicateId);

    private static ItemResult Close(MergedView view, ClosePoll closed, Stamp at, List<Effect> effects) => view.Poll(closed.Id) switch
    {
        null => ItemResult.Rejected(Code.UnknownPoll),
        { IsClosed: true } => Accept(at),
        var poll => Accept(at, effects, new PollClosed(poll.Key)),
    };

    private static ItemResult AddVote(MergedView view, Vote vote, ulong user, Stamp at, List<Effect> effects)
    {
        if (view.Poll(vote.Poll) is not { } poll) return ItemResult.Rejected(Code.UnknownPoll);
        if (poll.IsClosed) return ItemResult.Rejected(Code.PollClosed);
        if (vote.Choice < 0 || vote.Choice >= Math.Min(poll.Choices, PollStore.MaxChoices)) return ItemResult.Rejected(Code.BadChoice);
        return Accept(at, effects, new VoteSet(poll.Key, user, vote.Choice));
    }

    private static KeptComment? Known(MergedView view, string id) =>
        view.Comments.Find(id) is { } comment && !view.IsDeleted(id) ? comment : null;

    private static KeptComment? Visible(MergedView view, string id, string viewer) =>
        Known(view, id) is { } comment && comment.IsVisibleTo(viewer) ? comment : null;
}
