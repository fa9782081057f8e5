using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Running;
using Interactions.LoadTests.Scenarios;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class HtmlReportTests
{
    [Fact]
    public void A_page_says_the_outcome_how_the_run_was_made_and_fits_a_phone()
    {
        var report = new Report("hot-room");
        report.About("options", "--viewers 5");

        Assert.Contains("<small class=good>passed</small>", HtmlReport.Write(report), StringComparison.Ordinal);
        report.Failure("lost");

        var page = HtmlReport.Write(report);
        Assert.Contains("<small class=bad>failed</small>", page, StringComparison.Ordinal);
        Assert.Contains("<td>options<td>--viewers 5", page, StringComparison.Ordinal);
        Assert.Contains("name=viewport", page, StringComparison.Ordinal);
        Assert.Contains("\"options\": \"--viewers 5\"", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Seconds_in_which_nothing_was_measured_are_a_gap_in_the_curve()
    {
        var report = new Report("soak");
        var series = new Series("frames", "a second");
        foreach (var second in (int[])[1, 2, 9, 10]) series.Add(second, 5);
        report.Add(series);

        Assert.Equal(2, HtmlReport.Write(report).Split("<polyline").Length - 1);
    }

    [Fact]
    public void The_curve_of_percentiles_reaches_the_maximum()
    {
        var chart = new SvgChart("x", 0, 1, 8);
        var report = new Report("quiet");
        var latency = new Histogram();
        for (var i = 0; i < 1000; i++) latency.Record(1000);
        latency.Record(8_000);
        report.Latency("seen", latency);

        // The top of a chart whose scale ends at 8 ms.
        var top = chart.Draw([(1, 8)]);
        Assert.Contains("470,8\"", top, StringComparison.Ordinal);
        Assert.Contains("470,8\"", HtmlReport.Write(report), StringComparison.Ordinal);
    }
}
