using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>Who is or was banned, by user hash: one table for when and how, one for until when. Running bans also keep the user's id.</summary>
internal sealed class BanStore
{
    /// <summary>Below this many ids, ended bans are not looked for.</summary>
    private const int PruneFrom = 1024;

    private static readonly IComparer<(string User, ulong Hash)> ById =
        Comparer<(string User, ulong Hash)>.Create((a, b) => string.CompareOrdinal(a.User, b.User));

    // Most streams never have one.
    private UserTable? _set;
    private UserTable? _until;
    private SortedSet<(string User, ulong Hash)>? _users;
    private int _pruneAt = PruneFrom;

    public int Count => _set?.Count ?? 0;

    public BanMark? Find(ulong user) =>
        _set is not null && _until is not null && _set.TryGet(user, out var set) && _until.TryGet(user, out var until)
            ? new BanMark((long)(set >> 1), (long)until, (set & 1) != 0)
            : null;

    public void Put(ulong hash, string user, BanMark mark)
    {
        (_set ??= new()).Set(hash, ((ulong)mark.SetAtMs << 1) | (mark.Shadow ? 1UL : 0));
        (_until ??= new()).Set(hash, (ulong)mark.UntilMs);
        if (!mark.IsActive(mark.SetAtMs))
        {
            _users?.Remove((user, hash));
            return;
        }

        (_users ??= new(ById)).Add((user, hash));
        if (_users.Count < _pruneAt) return;
        _users.RemoveWhere(one => !IsActive(one.Hash, mark.SetAtMs));
        _pruneAt = Math.Max(PruneFrom, 2 * _users.Count);
    }

    /// <summary>Users with a ban, some of which may have ended, in order of their ids.</summary>
    /// <param name="after">Only ids after this one; null = all.</param>
    public IEnumerable<(string User, ulong Hash)> Users(string? after)
    {
        if (_users is not { Count: > 0 }) return [];
        if (after is null) return _users;
        return string.CompareOrdinal(after, _users.Max.User) >= 0 ? [] : _users.GetViewBetween((after, 0), _users.Max).SkipWhile(one => one.User == after);
    }

    /// <summary>Ids of bans that had ended by then are left out.</summary>
    public void Write(ByteWriter writer, long nowMs)
    {
        UserTable.Write(writer, _set);
        UserTable.Write(writer, _until);
        var running = Users(null).Where(one => IsActive(one.Hash, nowMs)).ToArray();
        writer.Count(running.Length);
        foreach (var (user, hash) in running)
        {
            writer.Text(user);
            writer.Fixed64(hash);
        }
    }

    public static BanStore Read(ByteReader reader)
    {
        var store = new BanStore { _set = UserTable.ReadOrNull(reader), _until = UserTable.ReadOrNull(reader) };
        for (var left = reader.Count(); left > 0; left--) (store._users ??= new(ById)).Add((reader.Text(), reader.Fixed64()));
        store._pruneAt = Math.Max(PruneFrom, 2 * (store._users?.Count ?? 0));
        return store;
    }

    private bool IsActive(ulong hash, long nowMs) => Find(hash)?.IsActive(nowMs) == true;
}
