using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Views;

/// <summary>
/// What viewers may see of a stream: empty at first, then whatever the effects of its entries made of it. A view that is given
/// the effects which describe a fold (<c>StreamState.ToView</c>) shows what one that was given each entry's shows, as long as fewer
/// than three in four of the newest <see cref="KeptComments"/> comments are deleted: what was dropped does not come back. Pure; one
/// caller at a time.
/// </summary>
public sealed class StreamView(string stream)
{
    /// <summary>How many comments a snapshot has.</summary>
    public const int SnapshotComments = 50;

    /// <summary>How many comments are kept, so that a snapshot is full though some were deleted; as many shadow comments are kept apart.</summary>
    public const int KeptComments = 200;

    public const int KeptCues = 20;
    public const int KeptPolls = 50;

    /// <summary>Below this many, ended bans are not looked for.</summary>
    private const int PruneBansFrom = 1024;

    private readonly SortedList<string, long> _totals = new(1, StringComparer.Ordinal);
    private readonly CommentStore _comments = new(KeptComments);
    private CommentStore? _shadowComments;
    private Dictionary<string, int>? _shadowAuthors;
    private Dictionary<string, BanChanged>? _bans;
    private int _pruneBansAt = PruneBansFrom;
    private List<ShownCue>? _cues;
    private List<PollChanged>? _polls;
    private SortedList<string, RosterMember>? _roster;
    private bool _exists;
    private long _atMs;

    public string Stream { get; } = stream;

    /// <summary>The last entry whose effects are in here.</summary>
    public Position Position { get; private set; } = Position.Start;

    /// <summary>How log times are shown. No effect sets it: whoever reads does.</summary>
    public ShownTime Shown { get; set; }

    public string Owner { get; private set; } = "";

    public StreamSettings Settings { get; private set; } = StreamSettings.Default;

    public StreamStatus Status { get; private set; }

    public long StartedAtMs { get; private set; }

    public long EndedAtMs { get; private set; }

    public int Viewers { get; private set; }

    public ShownComment? Pinned { get; private set; }

    /// <summary>In the order in which they were opened.</summary>
    public IEnumerable<ShownPoll> Polls => (_polls ?? []).Select(kept => kept.Poll);

    /// <summary>In order of their ids; null = the room is too large or keeps none.</summary>
    public IList<RosterMember>? Roster => _roster?.Values;

    /// <summary>Cheap; false means that <see cref="IsPersonal"/> is false for everyone.</summary>
    public bool AnyPersonal => AnyBans || _shadowAuthors is { Count: > 0 };

    /// <summary>Changes when <see cref="IsPersonal"/> may have become true for someone.</summary>
    public int PersonalVersion { get; private set; }

    public long Total(string kind) => _totals.GetValueOrDefault(kind);

    /// <summary>Whether what the user sees differs from what others see: shadow-banned now, or with kept shadow comments.</summary>
    public bool IsPersonal(string? user) =>
        user is not null && AnyPersonal
        && (_shadowAuthors?.ContainsKey(user) == true || RunningBanOf(user) is { Shadow: true });

    /// <summary>Cheap; false means that <see cref="BanOf"/> is null for everyone.</summary>
    public bool AnyBans => _bans is { Count: > 0 };

    /// <summary>The ban that the user is told of, at the last entry's time; null when there is none. A shadow ban is not told.</summary>
    public ShownBan? BanOf(string? user) => RunningBanOf(user) is { Shadow: false } ban ? new(Shown.Show(EndsAtMs(ban))) : null;

    /// <summary>The user's ban at the last entry's time, shadow or not; null when there is none.</summary>
    public BanRow? BanRowOf(string user) => RunningBanOf(user) is { } ban ? new(user, Shown.Show(EndsAtMs(ban)), ban.Shadow) : null;

    /// <summary>Applies the next entry's effects.</summary>
    public void Apply(EntryEffects entry)
    {
        (Position, _atMs) = (entry.Position, entry.AtMs);
        foreach (var effect in entry.Effects) Apply(effect);
    }

    /// <summary>Everything, as this viewer may see it (null: someone without a name).</summary>
    public Frame Snapshot(string? viewer) => new()
    {
        Stream = Stream,
        Position = Position,
        IsSnapshot = true,
        Status = Status,
        Owner = _exists ? Owner : null,
        StartedAtMs = Shown.Show(StartedAtMs),
        EndedAtMs = Shown.Show(EndedAtMs),
        Settings = Settings,
        Totals = [.. Settings.Reactions.Concat(_totals.Keys).Distinct().Select(kind => new KindCount(kind, Total(kind)))],
        Delta = [],
        Viewers = Viewers,
        Comments = Newest(viewer),
        Removed = [],
        PinnedChanged = true,
        Pinned = Shown.Show(Pinned),
        Cues = [.. (_cues ?? []).Select(Shown.Show)],
        Polls = [.. Polls],
        RosterChanged = true,
        Roster = Roster is { } members ? new ShownRoster(members.Count, [.. members], []) : null,
        BanChanged = BanOf(viewer) is not null,
        Ban = BanOf(viewer),
    };

    private void Apply(ViewEffect effect)
    {
        switch (effect)
        {
            case TotalChanged total:
                _totals[total.Kind] = total.Total;
                break;
            case CommentShown { Shadow: false } shown:
                _comments.Add(new KeptComment(shown.Comment, shadow: false));
                break;
            case CommentShown shown:
                AddShadow(shown.Comment);
                break;
            case CommentHidden hidden:
                _comments.Remove(hidden.Id);
                if (_shadowComments?.Remove(hidden.Id) is { } gone) CountShadow(gone.Shown.User, -1);
                break;
            case PinChanged pin:
                Pinned = pin.Comment;
                break;
            case CueSent cue:
                AddCue(cue.Cue);
                break;
            case PollChanged poll:
                SetPoll(poll);
                break;
            case SettingsChanged settings:
                (_exists, Settings, Owner) = (true, settings.Settings, settings.Owner);
                break;
            case LifecycleChanged lifecycle:
                (Status, StartedAtMs, EndedAtMs) = (lifecycle.Status, lifecycle.StartedAtMs, lifecycle.EndedAtMs);
                break;
            case OccupancyChanged occupancy:
                Viewers = occupancy.Viewers;
                break;
            case MemberJoined joined:
                if (_roster is not null) _roster[joined.Member.User] = joined.Member;
                break;
            case MemberLeft left:
                _roster?.Remove(left.User);
                break;
            case RosterOpened opened:
                _roster = new(Math.Max(1, opened.Members.Count), StringComparer.Ordinal);
                foreach (var member in opened.Members) _roster[member.User] = member;
                break;
            case RosterClosed:
                _roster = null;
                break;
            case BanChanged ban:
                SetBan(ban);
                break;
            default:
                throw new ArgumentException($"{effect.GetType().Name} is not known here.", nameof(effect));
        }
    }

    private void AddShadow(ShownComment comment)
    {
        CountShadow(comment.User, +1);
        foreach (var gone in (_shadowComments ??= new(KeptComments)).Add(new KeptComment(comment, shadow: true))) CountShadow(gone.Shown.User, -1);
    }

    private void CountShadow(string user, int change)
    {
        _shadowAuthors ??= [];
        var count = _shadowAuthors.GetValueOrDefault(user) + change;
        if (count == 1 && change == 1) PersonalVersion++;
        if (count == 0) _shadowAuthors.Remove(user);
        else _shadowAuthors[user] = count;
    }

    private void SetBan(BanChanged ban)
    {
        if (ban.Shadow || RunningBanOf(ban.User) is { Shadow: true }) PersonalVersion++;
        if (ban.UntilMs <= _atMs)
        {
            _bans?.Remove(ban.User);
            return;
        }

        (_bans ??= new(1, StringComparer.Ordinal))[ban.User] = ban;
        if (_bans.Count < _pruneBansAt) return;
        foreach (var ended in _bans.Values.Where(one => one.UntilMs <= _atMs).ToArray()) _bans.Remove(ended.User);
        _pruneBansAt = Math.Max(PruneBansFrom, 2 * _bans.Count);
    }

    private BanChanged? RunningBanOf(string? user) =>
        user is not null && _bans is not null && _bans.TryGetValue(user, out var ban) && ban.UntilMs > _atMs ? ban : null;

    private static long? EndsAtMs(BanChanged ban) => ban.UntilMs == long.MaxValue ? null : ban.UntilMs;

    // Another region's cue may have been sent before one that is here.
    private void AddCue(ShownCue cue)
    {
        _cues ??= [];
        var at = _cues.Count;
        while (at > 0 && _cues[at - 1].AtMs > cue.AtMs) at--;
        _cues.Insert(at, cue);
        if (_cues.Count > KeptCues) _cues.RemoveAt(0);
    }

    private void SetPoll(PollChanged poll)
    {
        _polls ??= [];
        var at = _polls.FindIndex(kept => kept.Poll.Id == poll.Poll.Id);
        if (at >= 0) _polls.RemoveAt(at);
        at = _polls.Count;
        while (at > 0 && poll.IsOpenedBefore(_polls[at - 1])) at--;
        _polls.Insert(at, poll);
        if (_polls.Count > KeptPolls) _polls.RemoveAt(0);
    }

    private List<ShownComment> Newest(string? viewer)
    {
        var newest = new List<ShownComment>(Math.Min(SnapshotComments, _comments.Count));
        var (open, shadow) = (_comments.Count - 1, viewer is not null && _shadowAuthors?.ContainsKey(viewer) == true ? _shadowComments!.Count - 1 : -1);
        while (newest.Count < SnapshotComments)
        {
            while (shadow >= 0 && !_shadowComments![shadow].IsVisibleTo(viewer)) shadow--;
            if (open < 0 && shadow < 0) break;
            var isShadow = shadow >= 0 && (open < 0 || _shadowComments![shadow].CompareTo(_comments[open]) > 0);
            newest.Add(Shown.Show((isShadow ? _shadowComments![shadow--] : _comments[open--]).Shown));
        }

        newest.Reverse();
        return newest;
    }
}
