using System.Runtime.InteropServices;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Views;
using Shown = Interactions.Contracts.Effects;

namespace Interactions.Silo.Streams;

/// <summary>
/// What one entry's decisions changed of what viewers see. A value that changed several times in the entry is said once, as it
/// is in the end.
/// </summary>
/// <param name="view">The fold's view; its values are read when the entry was applied whole.</param>
internal sealed class ViewEffects(MergedView view)
{
    private readonly List<ViewEffect> _effects = [];
    private List<KindCount>? _changes;
    private List<string>? _polls;
    private bool _settings, _created, _lifecycle, _occupancy, _pin;

    /// <summary>Takes an effect that the view has applied, with what it changed there.</summary>
    public void Add(Effect effect)
    {
        switch (effect)
        {
            case TapsAdded taps:
                AddChange(taps.Kind, taps.Count);
                break;
            case ReactionSet { Change: not 0 } set:
                AddChange(set.Kind, set.Change);
                break;
            case CommentAdded added:
                _effects.Add(new CommentShown(added.Comment, added.Shadow));
                break;
            case CommentRemoved removed:
                _effects.Add(new CommentHidden(removed.Id, removed.OnlyFor));
                break;
            case PinSet:
                _pin = true;
                break;
            case CueShown cue:
                _effects.Add(new CueSent(cue.Cue));
                break;
            case BanSet ban:
                AddBan(ban);
                break;
            case PollOpened poll:
                AddPoll(poll.Id);
                break;
            case PollClosed closed:
                AddPoll(closed.Poll.Id);
                break;
            case VoteSet { Changed: true } vote:
                AddPoll(vote.Poll.Id);
                break;
            case SettingsSet set:
                _settings = true;
                _created |= set.Creation is not null;
                break;
            case StatusChanged:
                _lifecycle = true;
                break;
            default:
                AddPresence(effect);
                break;
        }
    }

    /// <summary>All of them, for the entry that was applied.</summary>
    public ViewEffect[] ToArray()
    {
        if (_settings && view.Creation is { } creation) _effects.Add(new SettingsChanged(view.Settings, creation.Owner, _created));
        if (_lifecycle) _effects.Add(new LifecycleChanged(view.Status, view.StartedAtMs, view.EndedAtMs));
        foreach (var (kind, change) in CollectionsMarshal.AsSpan(_changes)) _effects.Add(new TotalChanged(kind, change, view.Total(kind)));
        if (_pin) _effects.Add(new PinChanged(view.Pinned()));
        foreach (var id in CollectionsMarshal.AsSpan(_polls))
        {
            if (view.Poll(id) is { } poll) _effects.Add(new PollChanged(poll.Show(), poll.Key.OpenedAtMs, poll.Key.Region));
        }

        if (_occupancy) _effects.Add(new OccupancyChanged(view.Viewers));
        return [.. _effects];
    }

    /// <summary>The effects that make of an empty view the one that is here.</summary>
    public static List<ViewEffect> Describe(MergedView view, long nowMs)
    {
        List<ViewEffect> effects = [];
        if (view.Creation is { } creation) effects.Add(new SettingsChanged(view.Settings, creation.Owner, Created: true));
        effects.Add(new LifecycleChanged(view.Status, view.StartedAtMs, view.EndedAtMs));
        effects.AddRange(view.Totals().Select(total => new TotalChanged(total.Kind, total.Count, total.Count)));
        effects.AddRange(view.Bans(null, int.MaxValue, nowMs).Select(ban => new BanChanged(ban.User, ban.UntilMs ?? long.MaxValue, ban.Shadow, IsTold: !ban.Shadow)));
        effects.AddRange(Newest(view));
        effects.Add(new PinChanged(view.Pinned()));
        effects.AddRange(view.Cues().Select(cue => new CueSent(cue)));
        effects.AddRange(view.Polls().Select(poll => new PollChanged(poll.Show(), poll.Key.OpenedAtMs, poll.Key.Region)));
        effects.Add(new OccupancyChanged(view.Viewers));
        if (view.RosterOpen) effects.Add(new Shown.RosterOpened(view.Roster()));
        return effects;
    }

    // As many as a view keeps.
    private static List<CommentShown> Newest(MergedView view)
    {
        List<CommentShown> newest = [];
        var (open, shadow) = (0, 0);
        for (var i = view.Comments.Count - 1; i >= 0 && Math.Min(open, shadow) < StreamView.KeptComments; i--)
        {
            var comment = view.Comments[i];
            if (view.IsDeleted(comment.Id) || (comment.Shadow ? shadow++ : open++) >= StreamView.KeptComments) continue;
            newest.Add(new CommentShown(comment.Shown, comment.Shadow));
        }

        newest.Reverse();
        return newest;
    }

    // The last decision counts, and it may not be this one.
    private void AddBan(BanSet ban)
    {
        var mark = view.BanOf(ban.User);
        _effects.Add(new BanChanged(ban.UserId, mark?.UntilMs ?? 0, mark?.Shadow == true, ban.IsTold));
    }

    private void AddPresence(Effect effect)
    {
        switch (effect)
        {
            case FrontendCounted:
                _occupancy = true;
                break;
            case FrontendRemoved removed:
                _occupancy = true;
                foreach (var user in removed.Left) _effects.Add(new MemberLeft(user));
                break;
            case RosterEntered { WasThere: false } entered:
                _effects.Add(new MemberJoined(new RosterMember(entered.User, entered.Name)));
                break;
            case RosterExited { StillThere: false } exited:
                _effects.Add(new MemberLeft(exited.User));
                break;
            case RosterClosed closed:
                foreach (var user in closed.Left) _effects.Add(new MemberLeft(user));
                _effects.Add(new Shown.RosterClosed());
                break;
            case RosterOpened:
                _effects.Add(new Shown.RosterOpened(view.Roster()));
                break;
        }
    }

    private void AddChange(string kind, long change)
    {
        _changes ??= new(1);
        for (var i = 0; i < _changes.Count; i++)
        {
            if (_changes[i].Kind != kind) continue;
            _changes[i] = new(kind, _changes[i].Count + change);
            return;
        }

        _changes.Add(new(kind, change));
    }

    private void AddPoll(string id)
    {
        _polls ??= new(1);
        if (!_polls.Contains(id)) _polls.Add(id);
    }
}
