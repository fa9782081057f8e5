using Interactions.Contracts.Binary;
using Interactions.Contracts.Views;

namespace Interactions.Silo.Streams;

/// <summary>
/// One region's polls, closings and votes, each for the newest 50 polls that it knows of. Votes stand beside
/// polls, not in them: a vote may be for a poll that another region opened. A vote's value is time and choice.
/// </summary>
internal sealed class PollStore
{
    public const int Keep = StreamView.KeptPolls;
    public const int MaxChoices = 1 << ChoiceBits;
    private const int ChoiceBits = 16;

    // Most streams never have one.
    private SortedList<PollKey, PollOpened>? _polls;
    private SortedSet<PollKey>? _closed;
    private SortedList<PollKey, UserTable>? _votes;

    public IEnumerable<KeyValuePair<PollKey, PollOpened>> Polls => _polls ?? [];

    public void Open(PollKey key, PollOpened poll)
    {
        _polls ??= [];
        _polls[key] = poll;
        if (_polls.Count > Keep) _polls.RemoveAt(0);
    }

    public bool IsClosed(PollKey key) => _closed is not null && _closed.Contains(key);

    public void Close(PollKey key)
    {
        _closed ??= [];
        _closed.Add(key);
        if (_closed.Count > Keep) _closed.Remove(_closed.Min);
    }

    public bool TryGetVote(PollKey key, ulong user, out long atMs, out int choice)
    {
        (atMs, choice) = (0, -1);
        if (_votes is null || !_votes.TryGetValue(key, out var table) || !table.TryGet(user, out var value)) return false;
        atMs = (long)(value >> ChoiceBits);
        choice = (int)(value & ((1 << ChoiceBits) - 1));
        return true;
    }

    public void Vote(PollKey key, ulong user, long atMs, int choice)
    {
        _votes ??= [];
        if (!_votes.TryGetValue(key, out var table)) _votes.Add(key, table = new UserTable());
        table.Set(user, ((ulong)atMs << ChoiceBits) | (uint)choice);
        if (_votes.Count > Keep) _votes.RemoveAt(0);
    }

    public IEnumerable<ulong> Voters(PollKey key) =>
        _votes is not null && _votes.TryGetValue(key, out var table) ? table.Sorted().Select(pair => pair.Key) : [];

    public void Write(ByteWriter writer)
    {
        writer.Count(_polls?.Count ?? 0);
        foreach (var (key, poll) in Polls)
        {
            Write(writer, key);
            writer.Text(poll.Question);
            writer.Texts(poll.Choices);
        }

        writer.Count(_closed?.Count ?? 0);
        foreach (var key in _closed ?? Enumerable.Empty<PollKey>()) Write(writer, key);
        writer.Count(_votes?.Count ?? 0);
        foreach (var (key, table) in _votes ?? Enumerable.Empty<KeyValuePair<PollKey, UserTable>>())
        {
            Write(writer, key);
            table.Write(writer);
        }
    }

    public static PollStore Read(ByteReader reader)
    {
        var store = new PollStore();
        for (var left = reader.Count(); left > 0; left--)
        {
            var key = ReadKey(reader);
            store.Open(key, new PollOpened(key.Id, reader.Text(), reader.Texts()));
        }

        for (var left = reader.Count(); left > 0; left--) store.Close(ReadKey(reader));
        for (var left = reader.Count(); left > 0; left--) (store._votes ??= [])[ReadKey(reader)] = UserTable.Read(reader);
        return store;
    }

    private static void Write(ByteWriter writer, PollKey key)
    {
        writer.Text(key.Id);
        writer.Signed(key.OpenedAtMs);
        writer.Text(key.Region);
    }

    private static PollKey ReadKey(ByteReader reader) => new(reader.Text(), reader.Signed(), reader.Text());
}
