using Interactions.Contracts.Frames;
using Interactions.LoadTests.Clients;

namespace Interactions.LoadTests.Checks;

/// <summary>
/// What one viewer was shown, kept by the rules of the protocol: a snapshot replaces everything, deltas since it
/// add up to the change in totals, every comment comes once or is counted as missed.
/// </summary>
internal sealed class ViewerLedger
{
    private readonly Dictionary<string, long> _summed = [];
    private readonly Dictionary<string, long> _totals = [];
    private readonly Dictionary<string, long> _comments = [];
    private readonly List<string> _order = [];
    private int _accountedFor;
    private long _totalOfAll;

    /// <summary>Of the last frame: where to resume.</summary>
    public string? Position { get; private set; }

    /// <summary>Of the last snapshot: comments up to here may have been replaced by it.</summary>
    public string? SnapshotPosition { get; private set; }

    public int Snapshots { get; private set; }

    /// <summary>Comments that frames say were left out.</summary>
    public int Missed { get; private set; }

    /// <summary>Comments that came in a second frame.</summary>
    public int Repeated { get; private set; }

    /// <summary>Frames after which the deltas since the snapshot did not add up to a total in the frame.</summary>
    public int DeltaMismatches { get; private set; }

    /// <summary>When each comment was first shown (a timestamp), by id.</summary>
    public IReadOnlyDictionary<string, long> Comments => _comments;

    /// <summary>Ids in the order in which frames brought them (not snapshots: they bring a part again).</summary>
    public IReadOnlyList<string> Order => _order;

    /// <summary>Totals of the last snapshot plus all deltas since.</summary>
    public IReadOnlyDictionary<string, long> Summed => _summed;

    /// <summary>Totals as last said.</summary>
    public IReadOnlyDictionary<string, long> Totals => _totals;

    /// <summary>For another thread to watch progress: comments shown or missed so far.</summary>
    public int CommentsAccountedFor => Volatile.Read(ref _accountedFor);

    /// <summary>For another thread to watch progress: the sum of all totals.</summary>
    public long TotalOfAll => Volatile.Read(ref _totalOfAll);

    public void Apply(SeenFrame frame, long timestamp)
    {
        Position = frame.Position ?? Position;
        if (frame.Kind == MessageKind.Snapshot) Replace(frame, timestamp);
        else Change(frame, timestamp);

        Volatile.Write(ref _accountedFor, _comments.Count + Missed);
        if (frame.Totals.Count > 0 || frame.Kind == MessageKind.Snapshot) Volatile.Write(ref _totalOfAll, _totals.Values.Sum());
    }

    private void Replace(SeenFrame frame, long timestamp)
    {
        Snapshots++;
        SnapshotPosition = frame.Position;
        _summed.Clear();
        _totals.Clear();
        foreach (var (kind, count) in frame.Totals) _totals[kind] = _summed[kind] = count;
        foreach (var id in frame.CommentIds) _comments.TryAdd(id, timestamp);
    }

    private void Change(SeenFrame frame, long timestamp)
    {
        foreach (var (kind, change) in frame.Delta) _summed[kind] = _summed.GetValueOrDefault(kind) + change;
        var differs = false;
        foreach (var (kind, count) in frame.Totals)
        {
            _totals[kind] = count;
            differs |= _summed.GetValueOrDefault(kind) != count;
        }

        if (differs) DeltaMismatches++;
        Missed += frame.Missed;
        foreach (var id in frame.CommentIds)
        {
            if (_comments.TryAdd(id, timestamp)) _order.Add(id);
            else Repeated++;
        }
    }
}
