using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

public sealed class HeldEntriesTests
{
    private readonly HeldEntries _held = new();

    [Fact]
    public void Entries_of_the_last_minute_are_held()
    {
        for (var offset = 1; offset <= 100; offset++) Add(offset);
        Assert.Equal(Enumerable.Range(40, 61), _held.All.Select(entry => (int)entry.Position.Offset));
        Assert.Equal(39, _held.Before!.Value.Position.Offset);
    }

    [Fact]
    public void Of_a_quiet_stream_the_last_entry_is_held()
    {
        for (var offset = 1; offset <= 10; offset++) Add(offset);
        _held.Trim();
        Assert.Equal(10, Assert.Single(_held.All).Position.Offset);
        Assert.Equal(9, _held.Before!.Value.Position.Offset);

        Add(11);
        Assert.Equal([10, 11], _held.All.Select(entry => entry.Position.Offset));
    }

    private void Add(int offset) => _held.Add(new Entry(new Position("k3f", offset), offset * 1_000, "w", offset, new byte[10]), before: null);
}
