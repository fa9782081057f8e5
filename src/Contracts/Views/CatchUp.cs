using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Views;

/// <summary>Adds up effects for one viewer (null: what everyone may see), each class in its own way.</summary>
/// <param name="moderates">Whether the viewer sees whose bans changed.</param>
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
    public void Add(ReadOnlySpan<ViewEffect> effects, long oldestMs)
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

    public Frame ToFrame(StreamView view)
    {
        var comments = Comments(out var missed);
        var deltas = _deltas.Where(delta => delta.Count != 0).ToArray();
        var polls = _polls is null ? [] : view.Polls.Where(poll => _polls.Contains(poll.Id)).ToArray();
        var roster = Roster(view, out var rosterChanged);
        return new Frame
        {
            Stream = view.Stream,
            Position = view.Position,
            OldestMs = view.Shown.ShowClock(_oldestMs),
            Status = _status ? view.Status : null,
            StartedAtMs = _status ? view.Shown.Show(view.StartedAtMs) : 0,
            EndedAtMs = _status ? view.Shown.Show(view.EndedAtMs) : 0,
            Owner = _created ? view.Owner : null,
            Settings = _settings ? view.Settings : null,
            Totals = deltas.Length == 0 ? null : [.. deltas.Select(delta => new KindCount(delta.Kind, view.Total(delta.Kind)))],
            Delta = deltas.Length == 0 ? null : deltas,
            Viewers = _viewers ? view.Viewers : null,
            Comments = comments?.ConvertAll(comment => view.Shown.Show(comment)),
            Missed = missed,
            Removed = Removed(),
            PinnedChanged = _pinned,
            Pinned = _pinned ? view.Shown.Show(view.Pinned) : null,
            Cues = _cues?.ConvertAll(view.Shown.Show),
            Polls = polls.Length == 0 ? null : polls,
            RosterChanged = rosterChanged,
            Roster = roster,
            BanChanged = _ban,
            Ban = _ban ? view.BanOf(viewer) : null,
            BansChanged = _bans is not null,
            Bans = _bans is { Count: <= MostBans } ? Bans(view, _bans) : null,
        };
    }

    private bool IsSeen(ViewEffect effect) => effect switch
    {
        CommentShown { Shadow: true } shown => shown.Comment.User == viewer,
        CommentHidden { OnlyFor: { } author } => author == viewer,
        BanChanged ban => moderates || (ban.IsTold && ban.User == viewer),
        _ => true,
    };

    private void Add(ViewEffect effect)
    {
        switch (effect)
        {
            case TotalChanged total:
                AddDelta(total.Kind, total.Change);
                break;
            case CommentShown shown:
                (_comments ??= []).Add(shown.Comment);
                break;
            case CommentHidden hidden:
                (_removed ??= []).Add(hidden.Id);
                break;
            case CueSent cue:
                (_cues ??= []).Add(cue.Cue);
                break;
            case PinChanged:
                _pinned = true;
                break;
            case PollChanged changed:
                (_polls ??= []).Add(changed.Poll.Id);
                break;
            case SettingsChanged changed:
                _settings = true;
                _created |= changed.Created;
                break;
            case LifecycleChanged:
                _status = true;
                break;
            case BanChanged ban:
                _ban |= ban.IsTold && ban.User == viewer;
                if (moderates) (_bans ??= new(StringComparer.Ordinal)).Add(ban.User);
                break;
            case OccupancyChanged:
                _viewers = true;
                break;
            case MemberJoined joined:
                Move(joined.Member.User, there: true);
                break;
            case MemberLeft left:
                Move(left.User, there: false);
                break;
            case RosterClosed:
                _rosterSwitched = true;
                break;
            case RosterOpened:
                _rosterSwitched = _rosterOpened = true;
                break;
        }
    }

    private void AddDelta(string kind, long change)
    {
        for (var i = 0; i < _deltas.Count; i++)
        {
            if (_deltas[i].Kind != kind) continue;
            _deltas[i] = new KindCount(kind, _deltas[i].Count + change);
            return;
        }

        _deltas.Add(new KindCount(kind, change));
    }

    private static BanChanges Bans(StreamView view, SortedSet<string> users)
    {
        List<BanRow> set = [];
        List<string> lifted = [];
        foreach (var user in users)
        {
            if (view.BanRowOf(user) is { } ban) set.Add(ban);
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

    private ShownRoster? Roster(StreamView view, out bool changed)
    {
        var joined = _roster?.Where(pair => pair.Value is { Before: false, After: true }).Select(pair => pair.Key).ToHashSet() ?? [];
        var left = _roster?.Where(pair => pair.Value is { Before: true, After: false }).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToArray() ?? [];
        changed = _rosterSwitched || joined.Count > 0 || left.Length > 0;
        if (!changed || view.Roster is not { } members) return null;
        return new ShownRoster(members.Count, [.. members.Where(member => _rosterOpened || joined.Contains(member.User))], left);
    }
}
