namespace Interactions.Silo.Nodes;

/// <summary>
/// The changes in the directory that were begun and not finished, and since when this node knows of each. There are as many
/// as calls under way, and those that a crash cut off. Not for concurrent callers.
/// </summary>
internal sealed class DirectoryChanges(TimeProvider time)
{
    private readonly Dictionary<string, (OpenChange Change, long Since)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpenChange> _deletions = new(StringComparer.Ordinal);

    public IEnumerable<OpenChange> All => _open.Values.Select(open => open.Change);

    public IEnumerable<OpenChange> Deletions => _deletions.Values;

    /// <summary>The deletion of the stream that has the id; null if it is not being deleted.</summary>
    public OpenChange? DeletionOf(string id) => _deletions.GetValueOrDefault(id);

    public OpenChange[] Of(string id, ulong seed) => [.. All.Where(change => change.Id == id && change.Seed == seed)];

    public OpenChange[] OlderThan(TimeSpan age)
    {
        if (_open.Count == 0) return [];
        var now = time.GetTimestamp();
        return [.. _open.Values.Where(open => time.GetElapsedTime(open.Since, now) >= age).Select(open => open.Change)];
    }

    public void Add(OpenChange change)
    {
        _open[change.Name] = (change, time.GetTimestamp());
        if (change.Deleted is not null) _deletions[change.Id] = change;
    }

    public void Postpone(OpenChange change)
    {
        if (_open.ContainsKey(change.Name)) _open[change.Name] = (change, time.GetTimestamp());
    }

    public void Remove(string name)
    {
        if (_open.Remove(name, out var open) && open.Change.Deleted is not null) _deletions.Remove(open.Change.Id);
    }

    /// <summary>Forgets all changes of a stream.</summary>
    public void RemoveOf(string id, ulong seed)
    {
        foreach (var change in Of(id, seed)) Remove(change.Name);
    }

    public void Clear()
    {
        _open.Clear();
        _deletions.Clear();
    }
}
