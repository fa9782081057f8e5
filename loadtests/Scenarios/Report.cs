using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Scenarios;

/// <summary>What a run found, as a table for people and as JSON for machines. Passed = nothing was added to the failures.</summary>
internal sealed class Report(string scenario)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<(string Name, double Value)> _facts = [];
    private readonly List<(string Name, Histogram Latency)> _latencies = [];
    private readonly List<Series> _series = [];
    private readonly List<(string Name, string Value)> _about = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _failures = [];

    public string Scenario => scenario;

    public bool Passed => _failures.Count == 0;

    public IReadOnlyList<string> Failures => _failures;

    /// <param name="name">With its unit, in parentheses, when it is not a plain count.</param>
    public void Fact(string name, double value) => _facts.Add((name, value));

    public IReadOnlyList<(string Name, double Value)> Facts => _facts;

    public IReadOnlyList<(string Name, Histogram Latency)> Latencies => _latencies;

    public IReadOnlyList<Series> AllSeries => _series;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What the run was: its options, time, place.</summary>
    public IReadOnlyList<(string Name, string Value)> Details => _about;

    public void About(string name, string value) => _about.Add((name, value));

    /// <summary>Something that was looked at again and again while the scenario ran.</summary>
    public void Add(Series series) => _series.Add(series);

    public void Latency(string name, Histogram latency) => _latencies.Add((name, latency));

    /// <summary>Something to know that is no failure.</summary>
    public void Note(string what) => _notes.Add(what);

    public void Failure(string what) => _failures.Add(what);

    public string ToTable()
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{scenario}");
        foreach (var (name, value) in _facts) text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-44} {value,14:#,0.##}");
        if (_latencies.Count > 0)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"  {"latency (ms)",-44} {"count",12} {"p50",9} {"p90",9} {"p99",9} {"max",9}");
        }

        foreach (var (name, h) in _latencies)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-44} {h.Count,12:#,0} {Ms(h, 50),9:0.00} {Ms(h, 90),9:0.00} {Ms(h, 99),9:0.00} {h.MaxMicroseconds / 1000.0,9:0.00}");
        }

        text.AppendLine();
        foreach (var note in _notes) text.AppendLine(CultureInfo.InvariantCulture, $"  note: {note}");
        foreach (var failure in _failures) text.AppendLine(CultureInfo.InvariantCulture, $"  FAILED: {failure}");
        return text.AppendLine(Passed ? "  passed" : "  failed").ToString();
    }

    public string ToJson()
    {
        var about = new JsonObject();
        foreach (var (name, value) in _about) about[name] = value;
        var facts = new JsonObject();
        foreach (var (name, value) in _facts) facts[name] = value;
        var latencies = new JsonObject();
        foreach (var (name, h) in _latencies)
        {
            latencies[name] = new JsonObject
            {
                ["count"] = h.Count,
                ["p50Ms"] = Ms(h, 50),
                ["p90Ms"] = Ms(h, 90),
                ["p99Ms"] = Ms(h, 99),
                ["p999Ms"] = Ms(h, 99.9),
                ["maxMs"] = h.MaxMicroseconds / 1000.0,
            };
        }

        return new JsonObject
        {
            ["scenario"] = scenario,
            ["passed"] = Passed,
            ["about"] = about,
            ["facts"] = facts,
            ["latencies"] = latencies,
            ["series"] = new JsonArray([.. _series.Select(s => s.ToJson())]),
            ["notes"] = new JsonArray([.. _notes.Select(n => JsonValue.Create(n))]),
            ["failures"] = new JsonArray([.. _failures.Select(f => JsonValue.Create(f))]),
        }.ToJsonString(Indented);
    }

    private static double Ms(Histogram histogram, double percent) => histogram.PercentileMicroseconds(percent) / 1000.0;
}
