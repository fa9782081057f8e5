using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>Who is or was banned, by user hash: one table for when and how, one for until when.</summary>
internal sealed class BanStore
{
    // Most streams never have one.
    private UserTable? _set;
    private UserTable? _until;

    public int Count => _set?.Count ?? 0;

    public BanMark? Find(ulong user) =>
        _set is not null && _until is not null && _set.TryGet(user, out var set) && _until.TryGet(user, out var until)
            ? new BanMark((long)(set >> 1), (long)until, (set & 1) != 0)
            : null;

    public void Put(ulong user, BanMark mark)
    {
        (_set ??= new()).Set(user, ((ulong)mark.SetAtMs << 1) | (mark.Shadow ? 1UL : 0));
        (_until ??= new()).Set(user, (ulong)mark.UntilMs);
    }

    public IEnumerable<ulong> Users() => _set is null ? [] : _set.Sorted().Select(pair => pair.Key);

    public void Write(ByteWriter writer)
    {
        UserTable.Write(writer, _set);
        UserTable.Write(writer, _until);
    }

    public static BanStore Read(ByteReader reader) => new() { _set = UserTable.ReadOrNull(reader), _until = UserTable.ReadOrNull(reader) };
}
