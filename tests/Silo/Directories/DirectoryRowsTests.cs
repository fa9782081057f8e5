using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Silo.Directories;
using Xunit;

namespace Interactions.Tests.Silo.Directories;

public sealed class DirectoryRowsTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void Pages_and_counts_are_those_of_a_plain_list() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        var rows = new DirectoryRows();
        var plain = new Dictionary<string, DirectoryRow>();
        for (var i = dice.Next(60); i > 0; i--)
        {
            var row = new DirectoryRow(Id(dice), $"u{dice.Next(3)}", "", (StreamStatus)dice.Next(3), 0, 0);
            rows.Set(row);
            plain[row.Id] = row;
            if (dice.Next(3) > 0) continue;
            var gone = Id(dice);
            rows.Remove(gone);
            plain.Remove(gone);
        }

        StreamStatus? status = dice.Next(2) == 0 ? null : (StreamStatus)dice.Next(3);
        var (prefix, after, limit) = (dice.Next(2) == 0 ? "" : Id(dice), dice.Next(2) == 0 ? "" : Id(dice), dice.Next(8));
        var expected = plain.Values.Where(row => row.Status == (status ?? row.Status) && row.Id.StartsWith(prefix, StringComparison.Ordinal))
            .Where(row => string.CompareOrdinal(row.Id, after) > 0).OrderBy(row => row.Id, StringComparer.Ordinal).Take(limit);
        Assert.Equal(expected, rows.Page(status, prefix, after, limit));
        for (var user = 0; user < 3; user++) 
        {
            var owned = plain.Values.Where(row => row.Owner == $"u{user}").Select(row => row.Id);
            Assert.Equal(owned.Order(StringComparer.Ordinal), rows.OwnedBy($"u{user}").Order(StringComparer.Ordinal));
        }
    }));

    [Fact]
    public void A_page_does_not_cost_more_because_there_are_many_streams_that_are_not_on_it()
    {
        var rows = new DirectoryRows();
        for (var i = 0; i < 100_000; i++) rows.Set(new DirectoryRow($"s{i:d6}", "ada", "", i == 99_999 ? StreamStatus.Live : StreamStatus.Ended, 0, 0));
        var since = Stopwatch.GetTimestamp();
        for (var i = 0; i < 2_000; i++)
        {
            Assert.Single(rows.Page(StreamStatus.Live, "", "", 100));
            Assert.Empty(rows.Page(null, "t", "", 100));
            Assert.Equal("s099998", Assert.Single(rows.Page(StreamStatus.Ended, "s", "s099997", 100)).Id);
        }

        // Scans of 100,000 rows would take minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 10);
    }

    // Few letters, so that many are equal or begin alike.
    private static string Id(Random dice) => string.Concat(Enumerable.Range(0, dice.Next(1, 4)).Select(_ => "aA-_"[dice.Next(4)]));
}
