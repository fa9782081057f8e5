using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>How many viewers each node of a region counts, and who is there while the room is small.</summary>
internal sealed class OccupancyStore
{
    // Lists: a stream is on few nodes, often on one, and has a roster only while it is small.
    private readonly SortedList<string, Node> _nodes = new(1, StringComparer.Ordinal);

    public int Viewers { get; private set; }

    public IEnumerable<string> Nodes => _nodes.Select(pair => pair.Key);

    public bool Has(string node, string user) => _nodes.TryGetValue(node, out var held) && held.Has(user);

    public bool HasAnywhere(string user) => _nodes.Any(pair => pair.Value.Has(user));

    /// <summary>User and name, once a node.</summary>
    public IEnumerable<KeyValuePair<string, string>> Members() => _nodes.SelectMany(pair => pair.Value.Members);

    public IEnumerable<string> MembersOf(string node) => _nodes.TryGetValue(node, out var held) ? held.Members.Select(member => member.Key) : [];

    public int CountOf(string node) => _nodes.TryGetValue(node, out var held) ? held.Count : 0;

    public void SetCount(string node, int count) => Change(node, held =>
    {
        Viewers += count - held.Count;
        held.Count = count;
    });

    public void Enter(string node, string user, string name) => Change(node, held => held.Enter(user, name));

    public void Exit(string node, string user) => Change(node, held => held.Exit(user));

    public void Remove(string node)
    {
        Viewers -= CountOf(node);
        _nodes.Remove(node);
    }

    public void ClearRoster()
    {
        foreach (var node in Nodes.ToArray()) Change(node, static held => held.ClearRoster());
    }

    public void Write(ByteWriter writer)
    {
        writer.Count(_nodes.Count);
        foreach (var (name, node) in _nodes)
        {
            writer.Text(name);
            writer.Count(node.Count);
            writer.Count(node.MemberCount);
            foreach (var (user, shown) in node.Members)
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
        if (node.Count == 0 && node.MemberCount == 0) _nodes.Remove(name);
    }

    private sealed class Node
    {
        public int Count { get; set; }

        private SortedList<string, string>? _names;

        public int MemberCount => _names?.Count ?? 0;

        /// <summary>User and name.</summary>
        public IEnumerable<KeyValuePair<string, string>> Members => _names ?? [];

        public bool Has(string user) => _names is not null && _names.ContainsKey(user);

        public void Enter(string user, string name) => (_names ??= new(1, StringComparer.Ordinal))[user] = name;

        public void Exit(string user) => _names?.Remove(user);

        public void ClearRoster() => _names = null;
    }
}
