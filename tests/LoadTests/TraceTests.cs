using System.Text;
using Interactions.LoadTests.Traces;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class TraceTests
{
    private static readonly string[] Kinds = ["like", "heart"];

    [Fact]
    public void What_is_written_is_what_is_read()
    {
        TraceRow[] rows = [new(0, 0, 5), new(10, 1, 300), new(10, 0, 1)];
        var file = new StringWriter();
        TraceFile.Write(file, rows);

        Assert.Equal(rows, TraceFile.Read(new StringReader(file.ToString())));
    }

    [Theory]
    [InlineData("time,who,size\n0,0,1\n", "begins with")]
    [InlineData("ms,author,utf8_bytes\n", "no rows")]
    [InlineData("ms,author,utf8_bytes\n0,0\n", "Line 2")]
    [InlineData("ms,author,utf8_bytes\n0,0,0\n", "Line 2")]
    [InlineData("ms,author,utf8_bytes\n5,0,1\n4,0,1\n", "Line 3")]
    public void A_file_that_is_no_trace_is_refused_by_line(string text, string says)
    {
        var refused = Assert.Throws<FormatException>(() => TraceFile.Read(new StringReader(text)));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generated_trace_is_ordered_repeatable_and_bursty()
    {
        var rows = TraceGenerator.Generate(7, 600, 150, TimeSpan.FromMinutes(10));

        Assert.Equal(rows, TraceGenerator.Generate(7, 600, 150, TimeSpan.FromMinutes(10)));
        Assert.NotEqual(rows, TraceGenerator.Generate(8, 600, 150, TimeSpan.FromMinutes(10)));
        Assert.Equal(600, rows.Count);
        Assert.Equal(rows.OrderBy(r => r.AtMs), rows);
        Assert.InRange(rows.Select(r => r.Author).Distinct().Count(), 100, 150);
        Assert.InRange(rows[^1].AtMs, 500_000, 600_000);
        Assert.True(rows.GroupBy(r => r.AtMs / 1000).Max(g => g.Count()) >= 5, "The mean is one a second; a burst has several.");
    }

    [Fact]
    public void A_plan_keeps_each_comments_time_author_and_length_and_gives_it_reactions_and_a_key_of_its_own()
    {
        var rows = TraceGenerator.Generate(7, 200, 50, TimeSpan.FromMinutes(5));
        var plan = TracePlan.Make(rows, speed: 10, reactionsPerComment: 3, Kinds, seed: 1);

        var comments = plan.Where(p => p.Text is not null).ToArray();
        Assert.Equal(
            rows.Select(r => (r.AtMs / 10.0, r.Author, r.Utf8Bytes)),
            comments.Select(c => (c.At.TotalMilliseconds, c.Author, Encoding.UTF8.GetByteCount(c.Text!))));
        Assert.Equal(200, comments.Select(c => c.Key).Distinct().Count());
        var reactions = plan.Where(p => p.Text is null).ToArray();
        Assert.Equal(600, reactions.Length);
        Assert.All(reactions, r => Assert.InRange(r.Count, 1, 3));
        Assert.All(reactions, r => Assert.Contains(r.Kind, Kinds));
        Assert.Equal(plan.OrderBy(p => p.At), plan);
    }
}
