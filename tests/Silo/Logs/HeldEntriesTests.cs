using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Redis;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

public sealed class HeldEntriesTests
{
    private readonly HeldEntries _held = new(TimeSpan.FromSeconds(60), 1000);

    [Fact]
    public void An_entry_that_was_overtaken_is_held_in_its_place()
    {
        foreach (var offset in (long[])[1, 2, 5, 3, 4, 5, 3, 6]) _held.Add(Entry("a", offset), 0);
        Assert.Equal([1, 2, 3, 4, 5, 6], Offsets());
    }

    [Fact]
    public void A_new_life_of_the_store_follows_on_the_old_one_until_that_is_safe()
    {
        foreach (var offset in (long[])[8, 9, 10]) _held.Add(Entry("a", offset), 0);
        foreach (var offset in (long[])[9, 10, 11]) _held.Add(Entry("b", offset, atMs: 100), 0);
        Assert.Equal([8, 9, 10, 9, 10, 11], Offsets());
        Assert.True(_held.IsBeyond(new("b", 11)));

        _held.Forget([new("a", 8), new("a", 9), new("a", 10)]);
        Assert.Equal([9, 10, 11], Offsets());
        Assert.False(_held.IsBeyond(new("b", 11)));
        Assert.True(_held.IsBeyond(new("b", 10)));
    }

    [Fact]
    public void Old_entries_that_someone_reads_are_not_taken_for_new_ones()
    {
        foreach (var offset in (long[])[50, 51]) _held.Add(Entry("b", offset, atMs: 100), 0);
        _held.Add(Entry("a", 3, atMs: 10), 0);
        _held.Add(Entry("b", 20, atMs: 50), 0);
        _held.Add(Entry("b", 52, atMs: 101), 0);
        Assert.Equal([50, 51, 52], Offsets());
    }

    [Fact]
    public void What_is_old_or_too_much_is_let_go_of()
    {
        for (var offset = 1; offset <= 20; offset++) _held.Add(Entry("a", offset, bytes: 100), offset * 1000);
        Assert.Equal(Enumerable.Range(11, 10).Select(offset => (long)offset), Offsets());
        _held.Prune(75_500);
        Assert.Equal([16, 17, 18, 19, 20], Offsets());
    }

    private static Entry Entry(string epoch, long offset, long atMs = 1, int bytes = 1) =>
        new(new Position(epoch, offset), atMs, "p", offset, Encoding.ASCII.GetBytes(new string('x', bytes)));

    private IEnumerable<long> Offsets() => _held.All().Select(entry => entry.Position.Offset);
}
