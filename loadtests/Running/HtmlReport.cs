using System.Globalization;
using System.Net;
using System.Text;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Scenarios;

namespace Interactions.LoadTests.Running;

/// <summary>A report as one page that needs nothing beside it: tables, and charts as inline SVG.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:light-dark(#1b1f24,#e6e8eb);--soft:light-dark(#68707a,#98a1ab);--line:light-dark(#dfe3e7,#33383e);--mark:light-dark(#0b62c4,#6ab0ff)}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:light-dark(#fff,#14171a);max-width:60rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}td,th{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:left}
        td+td,th+th{text-align:right;font-variant-numeric:tabular-nums}h1 small{font-weight:600}td{overflow-wrap:anywhere}.wide{overflow-x:auto}.wide td{overflow-wrap:normal}.about td+td{text-align:left}h2{font-size:1rem;margin:1.5rem 0 .25rem}
        svg{width:100%;height:auto}svg text{fill:var(--soft);font-size:11px}.grid{stroke:var(--line)}.curve{fill:none;stroke:var(--mark);stroke-width:1.8}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:0 2rem}.bad{color:light-dark(#b3261e,#ff8a80)}.good{color:light-dark(#1a7034,#5fd37b)}
        @media (max-width:30rem){body{margin:1rem auto;padding:0 .75rem}svg text{font-size:13px}td,th{padding:.25rem}}
        """;

    private static readonly double[] Percents = [0, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99];

    /// <summary>Seconds. Points come every second, or a little later from a busy machine.</summary>
    private const double WidestGap = 2.5;

    public static string Write(Report report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>{Safe(report.Scenario)}</title><style>{Style}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Safe(report.Scenario)} <small class={(report.Passed ? "good>passed" : "bad>failed")}</small></h1>");
        foreach (var failure in report.Failures) page.Append(CultureInfo.InvariantCulture, $"<p class=bad>{Safe(failure)}</p>");
        foreach (var note in report.Notes) page.Append(CultureInfo.InvariantCulture, $"<p>{Safe(note)}</p>");

        if (report.Latencies.Any(l => l.Latency.Count > 0))
        {
            page.Append("<div class=wide><table><tr><th>latency (ms)<th>count<th>p50<th>p90<th>p99<th>p99.9<th>max");
            foreach (var (name, latency) in report.Latencies.Where(l => l.Latency.Count > 0))
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Safe(name)}<td>{latency.Count:#,0}");
                foreach (var percent in (ReadOnlySpan<double>)[50, 90, 99, 99.9, 100]) page.Append(CultureInfo.InvariantCulture, $"<td>{latency.PercentileMicroseconds(percent) / 1000.0:0.00}");
            }

            page.Append("</table></div>");
        }

        page.Append("<div class=charts>");
        foreach (var (name, latency) in report.Latencies.Where(l => l.Latency.Count > 0)) page.Append(Percentiles(name, latency));
        foreach (var series in report.AllSeries.Where(s => s.Points.Count > 1)) page.Append(OverTime(series));
        page.Append("</div><table><tr><th>fact<th>value");
        foreach (var (name, value) in report.Facts) page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Safe(name)}<td>{value:#,0.##}");
        page.Append("</table><table class=about><tr><th>run<th>");
        foreach (var (name, value) in report.Details) page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Safe(name)}<td>{Safe(value)}");
        return page.Append("</table></html>\n").ToString();
    }

    private static string OverTime(Series series)
    {
        var last = series.Points[^1].Second;
        var chart = new SvgChart($"{series.Name} ({series.Unit})", series.Points[0].Second, last, series.Points.Max(p => p.Value));
        for (var i = 0; i <= 4; i++)
        {
            var second = series.Points[0].Second + ((last - series.Points[0].Second) * i / 4);
            chart.MarkX(second, string.Create(CultureInfo.InvariantCulture, $"{second:0} s"));
        }

        return chart.Draw(series.Points, WidestGap);
    }

    /// <summary>How far to the right of the last percentile the maximum stands.</summary>
    private const double PlaceOfMax = 0.4;

    /// <summary>Marks beyond this part of the width would run into the one of the maximum.</summary>
    private const double RoomForMax = 0.86;

    /// <summary>Each step to the right is a tenth of the values that are left: the slow ones, not the many, get the space.</summary>
    private static string Percentiles(string name, Histogram latency)
    {
        static double Place(double percent) => -Math.Log10(1 - (percent / 100));
        var shown = Array.FindAll(Percents, p => p < 99 || latency.Count * (100 - p) / 100 >= 1);

        // The slowest of all ends the curve; of 100 % itself there would be no place.
        var end = Place(shown[^1]) + PlaceOfMax;
        (double, double)[] points = [.. shown.Select(p => (Place(p), latency.PercentileMicroseconds(p) / 1000.0)), (end, latency.MaxMicroseconds / 1000.0)];
        var chart = new SvgChart($"{name} (ms by percentile)", 0, end, points.Max(p => p.Item2));
        chart.MarkX(end, "max");
        foreach (var percent in shown.Where(p => p is 0 or 50 or 90 or 99 or 99.9 or 99.99 && Place(p) < end * RoomForMax)) chart.MarkX(Place(percent), string.Create(CultureInfo.InvariantCulture, $"{percent}"));
        return chart.Draw(points);
    }

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
