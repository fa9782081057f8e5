using Interactions.Contracts.Frames;

namespace Interactions.Silo.Streams;

/// <summary>Adds up effects for one viewer (null: what everyone may see), each class in its own way.</summary>
internal sealed class CatchUp(string? viewer, bool moderates, int maxComments, int maxCommentBytes)
{
    /// <summary>More than this many changed bans are not named: the moderator reads the list again.</summary>
    private const int MostBans = 100;

    private readonly List<KindCount> _deltas = [];
    private List<ShownComment>? _comments;
    private List<string>? _removed;
    private List<ShownCue>? _cues;
    private HashSet<string>? _polls;
    private SortedSet<string>? _bans;
    private Dictionary<string, (bool Before, bool After)>? _roster;
    private bool _status, _settings, _created, _viewers, _pinned, _rosterSwitched, _rosterOpened, _ban;
    private long _oldestMs;

    /// <param name="oldestMs">When the oldest interaction behind these effects was accepted; 0 = not known.</param>
    public void Add(ReadOnlySpan<Effect> effects, long oldestMs)
    {
        var seen = false;
        foreach (var effect in effects)
        {
            if (!IsSeen(effect)) continue;
            seen = true;
            Add(effect);
        }

        if (seen && oldestMs > 0 && (_oldestMs == 0 || oldestMs < _oldestMs)) _oldestMs = oldestMs;
    }

    public Frame ToFrame(StreamState state)
    {
        var comments = Comments(out var missed);
        var deltas = _deltas.Where(delta => delta.Count != 0).ToArray();
        var polls = _polls is null ? [] : state.Polls.Where(poll => _polls.Contains(poll.Id)).ToArray();
        var roster = Roster(state, out var rosterChanged);
        return new Frame
        {
            Stream = state.Stream,
            Position = state.Position,
            OldestMs = state.ShowClock(_oldestMs),
            Status = _status ? state.Status : null,
            StartedAtMs = _status ? state.Shown.Show(state.StartedAtMs) : 0,
            EndedAtMs = _status ? state.Shown.Show(state.EndedAtMs) : 0,
            Owner = _created ? state.Owner : null,
            Settings = _settings ? state.Settings : null,
            Totals = deltas.Length == 0 ? null : [.. deltas.Select(delta => new KindCount(delta.Kind, state.Total(delta.Kind)))],
            Delta = deltas.Length == 0 ? null : deltas,
            Viewers = _viewers ? state.Viewers : null,
            Comments = comments?.ConvertAll(comment => state.Show(comment)),
            Missed = missed,
            Removed = Removed(),
            PinnedChanged = _pinned,
            Pinned = _pinned ? state.Show(state.Pinned) : null,
            Cues = _cues?.ConvertAll(cue => state.Show(cue)),
            Polls = polls.Length == 0 ? null : polls,
            RosterChanged = rosterChanged,
            Roster = roster,
            BanChanged = _ban,
            Ban = _ban ? state.BanOf(viewer) : null,
            BansChanged = _bans is not null,
            Bans = _bans is { Count: <= MostBans } ? Bans(state, _bans) : null,
        };
    }

    private bool IsSeen(Effect effect) => effect switch
    {
        CommentAdded { Shadow: true } added => added.Comment.User == viewer,
        CommentRemoved { OnlyFor: { } author } => author == viewer,
        BanSet ban => moderates || (ban.IsTold && ban.UserId == viewer),
        _ => effect.IsVisible,
    };

    private void Add(Effect effect)
    {
        switch (effect)
        {
            case TapsAdded taps:
                TimelineBucket.Add(_deltas, taps.Kind, taps.Count);
                break;
            case ReactionSet set:
                TimelineBucket.Add(_deltas, set.Kind, set.Change);
                break;
            case CommentAdded added:
                (_comments ??= []).Add(added.Comment);
                break;
            case CommentRemoved removed:
                (_removed ??= []).Add(removed.Id);
                break;
            case CueShown cue:
                (_cues ??= []).Add(cue.Cue);
                break;
            case PinSet:
                _pinned = true;
                break;
            case PollOpened poll:
                (_polls ??= []).Add(poll.Id);
                break;
            case PollClosed closed:
                (_polls ??= []).Add(closed.Poll.Id);
                break;
            case VoteSet vote:
                (_polls ??= []).Add(vote.Poll.Id);
                break;
            case SettingsSet set:
                _settings = true;
                _created |= set.Creation is not null;
                break;
            case StatusChanged:
                _status = true;
                break;
            case BanSet ban:
                _ban |= ban.IsTold && ban.UserId == viewer;
                if (moderates) (_bans ??= new(StringComparer.Ordinal)).Add(ban.UserId);
                break;
            default:
                AddPresence(effect);
                break;
        }
    }

    private void AddPresence(Effect effect)
    {
        switch (effect)
        {
            case NodeCounted:
                _viewers = true;
                break;
            case NodeRemoved removed:
                _viewers = true;
                foreach (var user in removed.Left) Move(user, there: false);
                break;
            case RosterEntered entered:
                Move(entered.User, there: true);
                break;
            case RosterExited exited:
                Move(exited.User, there: false);
                break;
            case RosterClosed closed:
                _rosterSwitched = true;
                foreach (var user in closed.Left) Move(user, there: false);
                break;
            case RosterOpened:
                _rosterSwitched = _rosterOpened = true;
                break;
        }
    }

    private static BanChanges Bans(StreamState state, SortedSet<string> users)
    {
        List<BanRow> set = [];
        List<string> lifted = [];
        foreach (var user in users)
        {
            if (state.BanRowOf(user) is { } ban) set.Add(ban);
            else lifted.Add(user);
        }

        return new(set, lifted);
    }

    // Each of these effects is a real change of who is there, so the first one tells what was before it.
    private void Move(string user, bool there)
    {
        _roster ??= [];
        _roster[user] = (_roster.TryGetValue(user, out var moved) ? moved.Before : !there, there);
    }

    private List<ShownComment>? Comments(out int missed)
    {
        missed = 0;
        if (_comments is null) return null;
        var removed = _removed?.ToHashSet();
        var left = removed is null ? _comments : _comments.FindAll(comment => !removed.Contains(comment.Id));
        missed = Math.Max(0, left.Count - Math.Min(maxComments, Newest(left)));
        if (missed > 0) left = left[missed..];
        return left.Count > 0 ? left : null;
    }

    /// <summary>How many of the newest are within the limit of bytes, but one at the least.</summary>
    private int Newest(List<ShownComment> comments)
    {
        if (maxCommentBytes == int.MaxValue) return comments.Count;
        var (count, bytes) = (0, 0L);
        while (count < comments.Count && (bytes += comments[^(count + 1)].SizeBytes) <= maxCommentBytes) count++;
        return Math.Max(1, count);
    }

    private List<string>? Removed()
    {
        if (_removed is null || _comments is null) return _removed;
        var added = _comments.Select(comment => comment.Id).ToHashSet();
        var removed = _removed.FindAll(id => !added.Contains(id));
        return removed.Count > 0 ? removed : null;
    }

    private ShownRoster? Roster(StreamState state, out bool changed)
    {
        var joined = _roster?.Where(pair => pair.Value is { Before: false, After: true }).Select(pair => pair.Key).ToHashSet() ?? [];
        var left = _roster?.Where(pair => pair.Value is { Before: true, After: false }).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToArray() ?? [];
        changed = _rosterSwitched || joined.Count > 0 || left.Length > 0;
        if (!changed || !state.RosterOpen) return null;
        var members = state.Roster;
        return new ShownRoster(members.Count, [.. members.Where(member => _rosterOpened || joined.Contains(member.User))], left);
    }
}
