using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>How many viewers each frontend of a region counts, and who is there while the room is small.</summary>
internal sealed class OccupancyStore
{
    // Lists: a stream is on few frontends, often on one, and has a roster only while it is small.
    private readonly SortedList<string, Presence> _frontends = new(1, StringComparer.Ordinal);

    public int Viewers { get; private set; }

    public ICollection<string> Frontends => _frontends.Keys;

    public bool Has(string frontend, string user) => _frontends.TryGetValue(frontend, out var held) && held.Has(user);

    public bool HasAnywhere(string user) => _frontends.Any(pair => pair.Value.Has(user));

    /// <summary>User and name, once a frontend.</summary>
    public IEnumerable<KeyValuePair<string, string>> Members() => _frontends.SelectMany(pair => pair.Value.Members);

    public IEnumerable<string> MembersOf(string frontend) => _frontends.TryGetValue(frontend, out var held) ? held.Members.Select(member => member.Key) : [];

    public int CountOf(string frontend) => _frontends.TryGetValue(frontend, out var held) ? held.Count : 0;

    public void SetCount(string frontend, int count) => Change(frontend, held =>
    {
        Viewers += count - held.Count;
        held.Count = count;
    });

    public void Enter(string frontend, string user, string name) => Change(frontend, held => held.Enter(user, name));

    public void Exit(string frontend, string user) => Change(frontend, held => held.Exit(user));

    public void Remove(string frontend)
    {
        Viewers -= CountOf(frontend);
        _frontends.Remove(frontend);
    }

    public void ClearRoster()
    {
        foreach (var frontend in Frontends.ToArray()) Change(frontend, static held => held.ClearRoster());
    }

    public void Write(ByteWriter writer)
    {
        writer.Count(_frontends.Count);
        foreach (var (frontend, held) in _frontends)
        {
            writer.Text(frontend);
            writer.Count(held.Count);
            writer.Count(held.MemberCount);
            foreach (var (user, name) in held.Members)
            {
                writer.Text(user);
                writer.Text(name);
            }
        }
    }

    public static OccupancyStore Read(ByteReader reader)
    {
        var store = new OccupancyStore();
        for (var left = reader.Count(); left > 0; left--)
        {
            var frontend = reader.Text();
            store.SetCount(frontend, reader.Index());
            for (var users = reader.Count(); users > 0; users--) store.Enter(frontend, reader.Text(), reader.Text());
        }

        return store;
    }

    // A frontend that has nothing to say is not kept.
    private void Change(string frontend, Action<Presence> change)
    {
        if (!_frontends.TryGetValue(frontend, out var held)) _frontends.Add(frontend, held = new Presence());
        change(held);
        if (held.Count == 0 && held.MemberCount == 0) _frontends.Remove(frontend);
    }

    private sealed class Presence
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
