using System.Globalization;
using System.Text;

namespace Interactions.Frontend.Telemetry;

/// <summary>Spelling of the text format 0.0.4: names, units, escapes and numbers.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary><c>a.b.duration</c> in <c>s</c> is <c>a_b_duration_seconds</c>; counters end with <c>_total</c>, gauges never with <c>_count</c>.</summary>
    public static string MetricName(string name, string? unit, MetricKind kind)
    {
        var text = Name(name, colons: true);
        var suffix = Unit(unit);
        if (suffix.Length > 0 && !text.EndsWith("_" + suffix, StringComparison.Ordinal)) text = $"{text}_{suffix}";

        // _count belongs to histograms; the runtime names gauges so (dotnet.timer.count).
        if (kind == MetricKind.Gauge && text.EndsWith("_count", StringComparison.Ordinal)) text = text[..^"_count".Length];
        return kind == MetricKind.Counter && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    public static string LabelName(string name) => Name(name, colons: false);

    public static string EscapeLabel(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    public static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString("R", CultureInfo.InvariantCulture);

    public static void Header(StringBuilder to, string name, string? help, MetricKind kind)
    {
        if (!string.IsNullOrEmpty(help)) to.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(help)).Append('\n');
        to.Append("# TYPE ").Append(name).Append(' ').Append(kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        }).Append('\n');
    }

    /// <param name="labels">Rendered, without braces; may be empty.</param>
    public static void Sample(StringBuilder to, string name, string labels, double value)
    {
        to.Append(name);
        if (labels.Length > 0) to.Append('{').Append(labels).Append('}');
        to.Append(' ').Append(Number(value)).Append('\n');
    }

    // Units are UCUM codes; what stands in braces is only a comment.
    private static string Unit(string? unit) => unit switch
    {
        null or "" or "1" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        _ when unit[0] == '{' => "",
        _ => Name(unit, colons: false).Trim('_'),
    };

    private static string Name(string name, bool colons)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var letter in name)
        {
            var good = char.IsAsciiLetterOrDigit(letter) || (colons && letter == ':');
            if (good) text.Append(letter);
            else if (text.Length == 0 || text[^1] != '_') text.Append('_');
        }

        if (text.Length == 0 || char.IsAsciiDigit(text[0])) text.Insert(0, '_');
        return text.ToString();
    }
}
