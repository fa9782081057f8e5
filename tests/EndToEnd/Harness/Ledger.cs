using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>
/// A viewer's own account of what it was sent: what the frames add up to since the last snapshot, to compare
/// with what they say it is. Safe for concurrent callers.
/// </summary>
internal sealed class Ledger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _summed = [];
    private readonly Dictionary<string, long> _totals = [];
    private readonly Dictionary<string, string> _ofBans = [];
    private readonly HashSet<string> _comments = [];
    private readonly List<string> _inOrder = [];
    private readonly List<long> _commentTimes = [];
    private int _fromSnapshot;
    private long _lastAt;
    private TimeSpan _longestGap;
    private readonly List<(Func<Ledger, bool> Holds, TaskCompletionSource Done)> _waiting = [];

    public string? Position { get; private set; }

    public int Snapshots { get; private set; }

    public int Frames { get; private set; }

    public int Viewers { get; private set; }

    public string? Status { get; private set; }

    /// <summary>Comments in frames (not snapshots), those left out included.</summary>
    public long CommentsInFrames { get; private set; }

    /// <summary>Comments that were sent more than once since the last snapshot.</summary>
    public int Repeated { get; private set; }

    public JsonElement Last { get; private set; }

    /// <summary>The longest time from one frame to the next since <see cref="BeginGap"/>, or from the last one until now.</summary>
    public TimeSpan LongestGap
    {
        get
        {
            lock (_gate) return GapUntilNow();
        }
    }

    /// <summary>Gaps count from now on.</summary>
    public void BeginGap()
    {
        lock (_gate) (_lastAt, _longestGap) = (Stopwatch.GetTimestamp(), TimeSpan.Zero);
    }

    public void Take(JsonElement frame, bool isSnapshot)
    {
        lock (_gate)
        {
            (_longestGap, _lastAt) = (GapUntilNow(), Stopwatch.GetTimestamp());
            Position = frame.GetProperty("position").GetString();
            Last = frame.Clone();
            foreach (var field in new[] { "ban", "bans" })
            {
                if (frame.TryGetProperty(field, out var value)) _ofBans[field] = value.GetRawText();
            }

            if (isSnapshot) Begin(frame);
            else Add(frame);
            if (frame.TryGetProperty("viewers", out var viewers)) Viewers = viewers.GetInt32();
            if (frame.TryGetProperty("status", out var status)) Status = status.GetString();
            foreach (var (holds, done) in _waiting.ToArray())
            {
                if (holds(this)) done.TrySetResult();
            }
        }
    }

    /// <summary>What the service said last.</summary>
    public long Total(string kind)
    {
        lock (_gate) return _totals.GetValueOrDefault(kind);
    }

    /// <summary>The ids of the comments since the last snapshot, its own first, in the order they were shown.</summary>
    public string[] CommentsInOrder()
    {
        lock (_gate) return [.. _inOrder];
    }

    /// <summary>When they were made, as was shown; ms since 1970 UTC.</summary>
    public long[] CommentTimes()
    {
        lock (_gate) return [.. _commentTimes];
    }

    public bool HasComment(string id)
    {
        lock (_gate) return _comments.Contains(id);
    }

    /// <summary>What <c>ban</c> or <c>bans</c> was in the newest frame that had it; null = never there.</summary>
    public string? SaidOfBans(string field)
    {
        lock (_gate) return _ofBans.GetValueOrDefault(field);
    }

    /// <summary>Waits until this holds after some frame; fails with the description.</summary>
    public async Task UntilAsync(Func<Ledger, bool> holds, string what)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (holds(this)) return;
            _waiting.Add((holds, done));
        }

        try
        {
            await done.Task.WaitAsync(Busy.Patience);
        }
        catch (TimeoutException)
        {
            lock (_gate) Assert.Fail($"Did not come within {Busy.Patience}: {what}. Last frame: {Last}");
        }
        finally
        {
            lock (_gate) _waiting.RemoveAll(waiting => waiting.Done == done);
        }
    }

    /// <summary>The deltas since the last snapshot add up to the change in totals, for every kind.</summary>
    public void AssertBalanced()
    {
        lock (_gate)
        {
            foreach (var (kind, total) in _totals)
                Assert.True(_summed.GetValueOrDefault(kind) == total, $"{kind}: the deltas add up to {_summed.GetValueOrDefault(kind)}, the total is {total}.");
            Assert.Equal(0, Repeated);
        }
    }

    /// <summary>
    /// What this viewer was shown of all comments, given in their order, it was shown once and in that order; and what came
    /// after its last snapshot it was shown or told of as missed.
    /// </summary>
    public void AssertComments(IReadOnlyList<string> all)
    {
        lock (_gate)
        {
            var places = all.Select((id, place) => (id, place)).ToDictionary(pair => pair.id, pair => pair.place);
            var last = -1;
            foreach (var id in _inOrder)
            {
                Assert.True(places.TryGetValue(id, out var place), $"Comment {id} was shown and is not there.");
                Assert.True(place > last, $"Comment {id} was shown after one that comes later.");
                last = place;
            }

            var before = _fromSnapshot == 0 ? 0 : places[_inOrder[_fromSnapshot - 1]] + 1;
            Assert.Equal(all.Count - before, CommentsInFrames);
        }
    }

    private void Begin(JsonElement frame)
    {
        Snapshots++;
        _summed.Clear();
        _totals.Clear();
        _comments.Clear();
        _inOrder.Clear();
        _commentTimes.Clear();
        CommentsInFrames = 0;
        foreach (var total in frame.GetProperty("totals").EnumerateObject())
            _totals[total.Name] = _summed[total.Name] = total.Value.GetInt64();
        foreach (var comment in frame.GetProperty("comments").EnumerateArray()) AddComment(comment);
        _fromSnapshot = _inOrder.Count;
    }

    private TimeSpan GapUntilNow()
    {
        var gap = Stopwatch.GetElapsedTime(_lastAt);
        return gap > _longestGap ? gap : _longestGap;
    }

    private void Add(JsonElement frame)
    {
        Frames++;
        if (frame.TryGetProperty("totals", out var totals))
        {
            foreach (var total in totals.EnumerateObject()) _totals[total.Name] = total.Value.GetInt64();
        }

        if (frame.TryGetProperty("delta", out var delta))
        {
            foreach (var change in delta.EnumerateObject())
                _summed[change.Name] = _summed.GetValueOrDefault(change.Name) + change.Value.GetInt64();
        }

        if (frame.TryGetProperty("missed", out var missed)) CommentsInFrames += missed.GetInt64();
        if (!frame.TryGetProperty("comments", out var comments)) return;
        foreach (var comment in comments.EnumerateArray())
        {
            CommentsInFrames++;
            if (!AddComment(comment)) Repeated++;
        }
    }

    private bool AddComment(JsonElement comment)
    {
        var id = comment.GetProperty("id").GetString()!;
        if (!_comments.Add(id)) return false;
        _inOrder.Add(id);
        _commentTimes.Add(comment.GetProperty("at").GetInt64());
        return true;
    }
}
