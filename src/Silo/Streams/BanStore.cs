using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>Who is or was banned, by user hash: one table for when and how, one for until when.</summary>
internal sealed class BanStore
{
    private UserTable _set = new();
    private UserTable _until = new();

    public int Count => _set.Count;

    public BanMark? Find(ulong user) =>
        _set.TryGet(user, out var set) && _until.TryGet(user, out var until)
            ? new BanMark((long)(set >> 1), (long)until, (set & 1) != 0)
            : null;

    public void Put(ulong user, BanMark mark)
    {
        _set.Set(user, ((ulong)mark.SetAtMs << 1) | (mark.Shadow ? 1UL : 0));
        _until.Set(user, (ulong)mark.UntilMs);
    }

    public IEnumerable<ulong> Users() => _set.Sorted().Select(pair => pair.Key);

    public void Write(ByteWriter writer)
    {
        _set.Write(writer);
        _until.Write(writer);
    }

    public static BanStore Read(ByteReader reader) => new() { _set = UserTable.Read(reader), _until = UserTable.Read(reader) };
}
