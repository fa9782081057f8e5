using FsCheck;
using FsCheck.Fluent;
using Interactions.Frontend.Admission;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class StreamPatternTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void No_list_names_every_stream_and_an_empty_one_none()
    {
        Assert.Equal([StreamPattern.All], StreamPattern.Distinct(null));
        Assert.Empty(StreamPattern.Distinct([]));
        Assert.Equal([StreamPattern.All], StreamPattern.Distinct(["a", "*", "b*"]));
    }

    [Fact]
    public void What_lies_within_another_is_left_out() =>
        Assert.Equal([new("a", false), new("a-", true), new("b", true)], StreamPattern.Distinct(["b*", "a-b", "a", "a-*", "ba*", "a", "b", "b*"]));

    [Fact]
    public void They_name_the_same_streams_in_order_and_each_once() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        string[] streams = [.. Enumerable.Range(0, dice.Next(12)).Select(_ => dice.Next(2) == 0 ? Id(dice) : Id(dice) + "*")];
        var identity = new Identity("ada", "Ada", Role.Viewer, streams, 0);
        var patterns = StreamPattern.Distinct(streams);
        Assert.Equal(patterns.OrderBy(pattern => pattern.Text, StringComparer.Ordinal), patterns);
        for (var i = 0; i < 50; i++)
        {
            var id = Id(dice);
            var naming = patterns.Count(pattern => pattern.IsPrefix ? id.StartsWith(pattern.Text, StringComparison.Ordinal) : id == pattern.Text);
            Assert.Equal(identity.Covers(id) ? 1 : 0, naming);
        }
    }));

    private static string Id(Random dice) => string.Concat(Enumerable.Range(0, dice.Next(1, 4)).Select(_ => "aA-_"[dice.Next(4)]));
}
