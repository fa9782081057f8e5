using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>
/// Ids of deleted comments. Kept by the age of the comment, not of the deletion: when one of more than
/// <see cref="Part.KeptComments"/> falls out, its comment has fallen out before.
/// </summary>
internal sealed class TombstoneStore
{
    private static readonly Comparer<(long AtMs, string Id)> ByAge = Comparer<(long AtMs, string Id)>.Create(static (a, b) =>
        a.AtMs == b.AtMs ? string.CompareOrdinal(a.Id, b.Id) : a.AtMs.CompareTo(b.AtMs));

    // Most streams never have one.
    private SortedSet<(long AtMs, string Id)>? _sorted;
    private HashSet<string>? _ids;

    // Comments of one millisecond are not told apart by age here, so there is room for a batch of them to spare.
    private const int Room = Part.KeptComments * 2;

    public bool Contains(string id) => _ids is not null && _ids.Contains(id);

    public void Add(string id, long commentAtMs)
    {
        _ids ??= [];
        _sorted ??= new(ByAge);
        if (!_ids.Add(id)) return;
        _sorted.Add((commentAtMs, id));
        if (_sorted.Count <= Room) return;
        var oldest = _sorted.Min;
        _sorted.Remove(oldest);
        _ids.Remove(oldest.Id);
    }

    public void Write(ByteWriter writer)
    {
        writer.Count(_sorted?.Count ?? 0);
        if (_sorted is null) return;
        foreach (var (atMs, id) in _sorted)
        {
            writer.Signed(atMs);
            writer.Text(id);
        }
    }

    public static TombstoneStore Read(ByteReader reader)
    {
        var store = new TombstoneStore();
        for (var left = reader.Count(); left > 0; left--)
        {
            var atMs = reader.Signed();
            store.Add(reader.Text(), atMs);
        }

        return store;
    }
}
