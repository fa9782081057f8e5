using System.Diagnostics.CodeAnalysis;
using Interactions.Contracts.Frames;

namespace Interactions.Silo.Streams;

/// <summary>What the fold shows.</summary>
public sealed partial class StreamState
{
    /// <summary>How many comments a snapshot has.</summary>
    public const int SnapshotComments = 50;

    /// <summary>Everything, as this viewer may see it (null: someone without a name).</summary>
    public Frame Snapshot(string? viewer) => new()
    {
        Stream = Stream,
        Position = Position,
        IsSnapshot = true,
        Status = Status,
        Owner = Exists ? Owner : null,
        StartedAtMs = Shown.Show(StartedAtMs),
        EndedAtMs = Shown.Show(EndedAtMs),
        Settings = Settings,
        Totals = [.. _view.Kinds().Select(kind => new KindCount(kind, _view.Total(kind)))],
        Delta = [],
        Viewers = Viewers,
        Comments = Newest(_view.Comments.Count, SnapshotComments, viewer),
        Removed = [],
        PinnedChanged = true,
        Pinned = Show(Pinned),
        Cues = [.. _view.Cues().Select(Show)],
        Polls = Polls,
        RosterChanged = true,
        Roster = RosterOpen ? new ShownRoster(Roster.Count, Roster, []) : null,
        BanChanged = BanOf(viewer) is not null,
        Ban = BanOf(viewer),
    };

    /// <summary>The ban that the user is told of, at the last entry's time; null when there is none. A shadow ban is not told.</summary>
    public ShownBan? BanOf(string? user) => user is not null && AnyBans ? BanOf(_view.HashOf(user), AtMs) : null;

    /// <summary>Running bans in order of the users' ids, for moderators: the first <paramref name="limit"/> after that id (null: of all).</summary>
    public IReadOnlyList<BanRow> Bans(string? after, int limit, long nowMs) => [.. _view.Bans(after, limit, Math.Max(nowMs, AtMs)).Select(Show)];

    /// <summary>What the user may know of themselves.</summary>
    public MeView Me(string user, long nowMs)
    {
        var hash = _view.HashOf(user);
        var now = Math.Max(nowMs, AtMs);
        return new MeView(
            [.. _view.Kinds().Where(kind => _view.IsOn(kind, hash))],
            [.. _view.Polls().Select(poll => (poll.Key.Id, _view.VoteOf(poll.Key, hash))).Where(vote => vote.Item2 >= 0)],
            BanOf(hash, now),
            Rules.SlowModeWaitMs(_view, hash, now));
    }

    /// <summary>Of a page of comments, about; one is in it in any case.</summary>
    private const int PageBytes = 1 << 20;

    /// <summary>
    /// Oldest first: the <paramref name="limit"/> newest before that comment (null: of all), fewer if they are long. Null when it is
    /// not kept.
    /// </summary>
    public IReadOnlyList<ShownComment>? Comments(string? beforeId, int limit, string? viewer)
    {
        if (beforeId is null) return Newest(_view.Comments.Count, limit, viewer, PageBytes);
        var before = _view.Comments.Find(beforeId);
        return before is not null && before.IsVisibleTo(viewer) ? Newest(_view.Comments.IndexOf(before), limit, viewer, PageBytes) : null;
    }

    /// <summary>From when it went live to its end, or to the last entry so far.</summary>
    public FrozenTimeline FreezeTimeline() =>
        new([.. _view.Parts.Select(part => part.Timeline.Freeze())], StartedAtMs, EndedAtMs > 0 ? EndedAtMs : AtMs, Shown);

    internal long StartedAtMs => _view.StartedAtMs;

    internal long EndedAtMs => _view.EndedAtMs;

    internal ShownComment? Pinned => _view.Pinned();

    internal IReadOnlyList<ShownPoll> Polls => [.. _view.Polls().Select(poll => poll.Show())];

    internal IReadOnlyList<RosterMember> Roster => _view.Roster();

    internal long Total(string kind) => _view.Total(kind);

    /// <summary>The user's ban at the last entry's time, shadow or not; null when there is none.</summary>
    internal BanRow? BanRowOf(string user) =>
        _view.BanOf(_view.HashOf(user)) is { } mark && mark.IsActive(AtMs) ? Show(new BanRow(user, mark.EndsAtMs, mark.Shadow)) : null;

    private ShownBan? BanOf(ulong user, long nowMs) =>
        _view.BanOf(user) is { } mark && mark.IsTold(nowMs) ? new ShownBan(Show(mark.EndsAtMs)) : null;

    /// <summary>With its time as clients are told it.</summary>
    [return: NotNullIfNotNull(nameof(comment))]
    internal ShownComment? Show(ShownComment? comment) =>
        comment is null || Shown.Show(comment.AtMs) is var atMs && atMs == comment.AtMs ? comment : comment with { AtMs = atMs };

    internal ShownCue Show(ShownCue cue) => Shown.Show(cue.AtMs) is var atMs && atMs == cue.AtMs ? cue : cue with { AtMs = atMs };

    private BanRow Show(BanRow ban) => ban with { UntilMs = Show(ban.UntilMs) };

    private long? Show(long? untilMs) => untilMs is { } atMs ? Shown.Show(atMs) : null;

    /// <summary>What a node's clock said, as clients are told it: later than the clock, it was said by one that was wrong.</summary>
    internal long ShowClock(long atMs) => Shown.ByMs < 0 ? Shown.Show(atMs) : atMs;

    private List<ShownComment> Newest(int end, int limit, string? viewer, int maxBytes = int.MaxValue)
    {
        var bytes = 0L;
        var newest = new List<ShownComment>(Math.Clamp(limit, 0, SnapshotComments));
        for (var i = end - 1; i >= 0 && newest.Count < limit; i--)
        {
            var comment = _view.Comments[i];
            if (!comment.IsVisibleTo(viewer) || _view.IsDeleted(comment.Id)) continue;
            bytes += comment.Shown.SizeBytes;
            if (bytes > maxBytes && newest.Count > 0) break;
            newest.Add(Show(comment.Shown));
        }

        newest.Reverse();
        return newest;
    }
}
