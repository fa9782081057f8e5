using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.NextRelease;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Grains;

/// <summary>A stream whose silos come to know other rules.</summary>
public sealed class ChangedRulesTests : IAsyncDisposable
{
    private readonly MemoryLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task A_stream_goes_over_to_the_rules_that_all_silos_know_and_never_back()
    {
        var known = RuleBook.First;
        using var stream = await Activation.LiveAsync(_log, book: NextRules.Book, rules: () => known);

        Assert.Equal(Code.Accepted, await SpoilAsync(stream, 1));
        known = NextRules.Version;
        Assert.Equal(Code.Forbidden, await SpoilAsync(stream, 2));
        await stream.SendAsync("f-1", 3, Activation.Comment("bob", "Goal!"));
        known = RuleBook.First; // a silo of the earlier version joins
        Assert.Equal(Code.Forbidden, await SpoilAsync(stream, 4));
        await stream.SendAsync("f-1", 5, Activation.Comment("bob", "Goal!"));

        Assert.Equal([1, 1, 1, 2, 2], await RulesAsync());
    }

    [Fact]
    public async Task The_next_activation_goes_on_by_the_rules_of_the_log()
    {
        using var first = await Activation.LiveAsync(_log, book: NextRules.Book, rules: () => NextRules.Version);
        using var second = await Activation.LoadAsync(_log, book: NextRules.Book);

        Assert.Equal(Code.Forbidden, await SpoilAsync(second, 1));
        await second.SendAsync("f-1", 2, Activation.Comment("bob", "Goal!"));
        Assert.Equal([2, 2, 2], await RulesAsync());
    }

    [Fact]
    public async Task A_silo_that_does_not_know_the_rules_of_the_log_does_not_load_it()
    {
        using var first = await Activation.LiveAsync(_log, book: NextRules.Book, rules: () => NextRules.Version);
        await Assert.ThrowsAsync<LaterRulesException>(() => Activation.LoadAsync(_log));
    }

    [Fact]
    public async Task An_entry_of_a_form_that_comes_with_later_rules_is_told_from_damage()
    {
        await _log.AppendAsync("match-7", LogHead.Empty, new Entry(new Position("k3f", 1), 5, "w1", 1, new byte[] { 99, NextRules.Version, 1 }));
        await Assert.ThrowsAsync<LaterRulesException>(() => Activation.LoadAsync(_log));
    }

    private static async Task<Code> SpoilAsync(Activation stream, long sequence) =>
        (await stream.SendAsync("f-1", sequence, Activation.Comment("bob", NextRules.Forbidden))).Results[0].Code;

    private async Task<IEnumerable<int>> RulesAsync() =>
        (await _log.ReadAsync("match-7", Position.Start, 100)).Entries.Select(entry => (int)EntryCodec.RulesOf(entry.Body));
}
