using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>How many viewers each node of a region counts, and who is there while the room is small.</summary>
internal sealed class OccupancyStore
{
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    public int Viewers { get; private set; }

    public IReadOnlyCollection<string> Nodes => _nodes.Keys;

    public bool Has(string node, string user) => _nodes.TryGetValue(node, out var held) && held.Users.ContainsKey(user);

    public bool HasAnywhere(string user) => _nodes.Values.Any(node => node.Users.ContainsKey(user));

    /// <summary>User and name, once a node.</summary>
    public IEnumerable<KeyValuePair<string, string>> Members() => _nodes.Values.SelectMany(node => node.Users);

    public IEnumerable<string> MembersOf(string node) => _nodes.TryGetValue(node, out var held) ? held.Users.Keys : [];

    public int CountOf(string node) => _nodes.TryGetValue(node, out var held) ? held.Count : 0;

    public void SetCount(string node, int count) => Change(node, held =>
    {
        Viewers += count - held.Count;
        held.Count = count;
    });

    public void Enter(string node, string user, string name) => Change(node, held => held.Users[user] = name);

    public void Exit(string node, string user) => Change(node, held => held.Users.Remove(user));

    public void Remove(string node)
    {
        Viewers -= CountOf(node);
        _nodes.Remove(node);
    }

    public void ClearRoster()
    {
        foreach (var node in _nodes.Keys.ToArray()) Change(node, static held => held.Users.Clear());
    }

    public void Write(ByteWriter writer)
    {
        writer.Count(_nodes.Count);
        foreach (var (name, node) in _nodes)
        {
            writer.Text(name);
            writer.Count(node.Count);
            writer.Count(node.Users.Count);
            foreach (var (user, shown) in node.Users)
            {
                writer.Text(user);
                writer.Text(shown);
            }
        }
    }

    public static OccupancyStore Read(ByteReader reader)
    {
        var store = new OccupancyStore();
        for (var left = reader.Count(); left > 0; left--)
        {
            var name = reader.Text();
            store.SetCount(name, reader.Index());
            for (var users = reader.Count(); users > 0; users--) store.Enter(name, reader.Text(), reader.Text());
        }

        return store;
    }

    // A node that has nothing to say is not kept.
    private void Change(string name, Action<Node> change)
    {
        if (!_nodes.TryGetValue(name, out var node)) _nodes.Add(name, node = new Node());
        change(node);
        if (node.Count == 0 && node.Users.Count == 0) _nodes.Remove(name);
    }

    private sealed class Node
    {
        public int Count { get; set; }

        public SortedDictionary<string, string> Users { get; } = new(StringComparer.Ordinal);
    }
}
