using Interactions.Contracts;
using Interactions.Contracts.Directory;

namespace Interactions.Silo.Directories;

/// <summary>
/// The streams that are listed: by id, in the order of their ids (all and by status), and by owner.
/// A page costs what it holds and the logarithm of what there is. Not for concurrent callers.
/// </summary>
internal sealed class DirectoryRows
{
    /// <summary>After every id that begins like what stands before it: ids are ASCII.</summary>
    private const string End = "\uffff";

    private static readonly Comparer<DirectoryRow> ById = Comparer<DirectoryRow>.Create(static (one, other) => string.CompareOrdinal(one.Id, other.Id));

    private readonly Dictionary<string, DirectoryRow> _byId = new(StringComparer.Ordinal);
    private readonly SortedSet<DirectoryRow> _all = new(ById);
    private readonly SortedSet<DirectoryRow>[] _byStatus = [.. Enum.GetValues<StreamStatus>().Select(_ => new SortedSet<DirectoryRow>(ById))];
    private readonly Dictionary<string, HashSet<string>> _owned = new(StringComparer.Ordinal);

    public IReadOnlyCollection<DirectoryRow> All => _all;

    public DirectoryRow? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The ids of the streams that a user owns.</summary>
    public IReadOnlyCollection<string> OwnedBy(string user) => _owned.GetValueOrDefault(user) ?? [];

    /// <summary>Adds the row, or puts it in the place of the one of its id.</summary>
    public void Set(DirectoryRow row)
    {
        Remove(row.Id);
        _byId[row.Id] = row;
        _all.Add(row);
        _byStatus[(int)row.Status].Add(row);
        if (!_owned.TryGetValue(row.Owner, out var owned)) _owned[row.Owner] = owned = new HashSet<string>(StringComparer.Ordinal);
        owned.Add(row.Id);
    }

    public void Remove(string id)
    {
        if (!_byId.Remove(id, out var row)) return;
        _all.Remove(row);
        _byStatus[(int)row.Status].Remove(row);
        var owned = _owned[row.Owner];
        owned.Remove(id);
        if (owned.Count == 0) _owned.Remove(row.Owner);
    }

    /// <summary>Up to <paramref name="limit"/> rows whose ids begin with <paramref name="prefix"/> and come after <paramref name="after"/>.</summary>
    public List<DirectoryRow> Page(StreamStatus? status, string prefix, string after, int limit)
    {
        List<DirectoryRow> page = [];
        var (first, last) = (string.CompareOrdinal(after, prefix) > 0 ? after : prefix, prefix + End);
        if (string.CompareOrdinal(first, last) > 0 || limit < 1) return page;
        var rows = status is { } wanted ? _byStatus[(int)wanted] : _all;
        foreach (var row in rows.GetViewBetween(Probe(first), Probe(last)))
        {
            if (row.Id == after) continue;
            page.Add(row);
            if (page.Count == limit) break;
        }

        return page;
    }

    private static DirectoryRow Probe(string id) => new(id, "", "", default, 0, 0);
}
