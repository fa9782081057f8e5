using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Views;

namespace Interactions.Silo.Streams;

/// <summary>What the fold shows.</summary>
public sealed partial class StreamState
{
    /// <summary>The effects that make of an empty <see cref="StreamView"/> what viewers may see now.</summary>
    public EntryEffects Describe() => new(Position, AtMs, 0, ViewEffects.Describe(_view, AtMs));

    /// <summary>What viewers may see, as the effects of the entries so far made it.</summary>
    public StreamView ToView()
    {
        var view = new StreamView(Stream);
        view.Apply(Describe());
        return view;
    }

    /// <summary>Running bans in order of the users' ids, for moderators: the first <paramref name="limit"/> after that id (null: of all).</summary>
    public IReadOnlyList<BanRow> Bans(string? after, int limit, long nowMs) => [.. _view.Bans(after, limit, Math.Max(nowMs, AtMs)).Select(Shown.Show)];

    /// <summary>What the user may know of themselves.</summary>
    public MeView Me(string user, long nowMs)
    {
        var hash = _view.HashOf(user);
        var now = Math.Max(nowMs, AtMs);
        return new MeView(
            [.. _view.Kinds().Where(kind => _view.IsOn(kind, hash))],
            [.. _view.Polls().Select(poll => (poll.Key.Id, _view.VoteOf(poll.Key, hash))).Where(vote => vote.Item2 >= 0)],
            _view.BanOf(hash) is { } ban && ban.IsTold(now) ? new ShownBan(Shown.Show(ban.EndsAtMs)) : null,
            Streams.Rules.SlowModeWaitMs(_view, hash, now));
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
        new([.. _view.Parts.Select(part => part.Timeline.Freeze())], _view.StartedAtMs, _view.EndedAtMs > 0 ? _view.EndedAtMs : AtMs, Shown);

    private List<ShownComment> Newest(int end, int limit, string? viewer, int maxBytes = int.MaxValue)
    {
        var bytes = 0L;
        var newest = new List<ShownComment>(Math.Clamp(limit, 0, StreamView.SnapshotComments));
        for (var i = end - 1; i >= 0 && newest.Count < limit; i--)
        {
            var comment = _view.Comments[i];
            if (!comment.IsVisibleTo(viewer) || _view.IsDeleted(comment.Id)) continue;
            bytes += comment.Shown.SizeBytes;
            if (bytes > maxBytes && newest.Count > 0) break;
            newest.Add(Shown.Show(comment.Shown));
        }

        newest.Reverse();
        return newest;
    }
}
