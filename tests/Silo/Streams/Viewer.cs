using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

/// <summary>Does what a client does with frames, and nothing else.</summary>
internal sealed class Viewer
{
    private readonly Story _story;
    private readonly Dictionary<string, long> _summed = [];
    private readonly Dictionary<string, long> _totals = [];
    private readonly List<string> _comments = [];
    private readonly SortedDictionary<string, string> _polls = new(StringComparer.Ordinal);
    private Position _cursor;
    private int? _viewers;
    private string? _pinned;
    private StreamStatus? _status;
    private SortedSet<string>? _roster;

    public Viewer(string? user, Story story)
    {
        (User, _story) = (user, story);
        Take(story.Snapshot(user));
    }

    public string? User { get; }

    public void CatchUp() => Take(_story.Ring.Covers(_cursor)
        ? _story.Sum(_cursor.Offset, User, 50)
        : _story.Snapshot(User));

    public void AgreesWith(Frame snapshot)
    {
        foreach (var (kind, count) in snapshot.Totals!)
        {
            Assert.Equal(count, _totals.GetValueOrDefault(kind));
            Assert.Equal(count, _summed.GetValueOrDefault(kind));
        }

        Assert.Equal(snapshot.Viewers, _viewers);
        Assert.Equal(snapshot.Status, _status);
        Assert.Equal(snapshot.Pinned?.Id, _pinned);
        var ids = snapshot.Comments!.Select(comment => comment.Id).ToArray();
        Assert.Equal(ids.TakeLast(20), _comments.TakeLast(Math.Min(20, ids.Length)));
        Assert.Equal(snapshot.Polls!.Select(Text), snapshot.Polls!.Select(poll => _polls[poll.Id]));
        Assert.Equal(snapshot.Roster?.Joined.Select(member => member.User), _roster);
    }

    private void Take(Frame frame)
    {
        if (frame.IsSnapshot)
        {
            _totals.Clear();
            _summed.Clear();
            _comments.Clear();
            _polls.Clear();
            _roster = null;
            foreach (var (kind, count) in frame.Totals!) _summed[kind] = count;
        }

        _cursor = frame.Position;
        foreach (var (kind, count) in frame.Delta ?? []) _summed[kind] = _summed.GetValueOrDefault(kind) + count;
        foreach (var (kind, count) in frame.Totals ?? []) _totals[kind] = count;
        _viewers = frame.Viewers ?? _viewers;
        _status = frame.Status ?? _status;
        _comments.AddRange(frame.Comments?.Select(comment => comment.Id) ?? []);
        foreach (var id in frame.Removed ?? []) _comments.Remove(id);
        if (frame.PinnedChanged) _pinned = frame.Pinned?.Id;
        foreach (var poll in frame.Polls ?? []) _polls[poll.Id] = Text(poll);
        if (frame.RosterChanged) TakeRoster(frame.Roster);
    }

    private void TakeRoster(ShownRoster? roster)
    {
        if (roster is null)
        {
            _roster = null;
            return;
        }

        _roster ??= new SortedSet<string>(StringComparer.Ordinal);
        foreach (var user in roster.Left) _roster.Remove(user);
        foreach (var member in roster.Joined) _roster.Add(member.User);
        Assert.Equal(roster.Count, _roster.Count);
    }

    private static string Text(ShownPoll poll) => $"{poll.Id} {string.Join(',', poll.Votes)} {poll.Open}";
}
