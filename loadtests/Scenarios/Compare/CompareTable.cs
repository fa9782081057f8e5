using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Interactions.LoadTests.Scenarios.Compare;

/// <summary>
/// The table of a comparison, from the reports in a folder: <c>NAME.RUN.json</c> each. Medians over the runs; ratios to the
/// first server. <c>compare-table FOLDER SERVER…</c> prints it as Markdown in the order given.
/// </summary>
internal static class CompareTable
{
    public const string Name = "compare-table";

    public static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2)
        {
            Console.Error.WriteLine($"Usage: {Name} FOLDER SERVER…");
            return Running.BuiltInRunner.CouldNotRun;
        }

        Console.Write(Write(arguments[0], arguments.Skip(1)));
        return Running.BuiltInRunner.Passed;
    }

    public static string Write(string folder, IEnumerable<string> servers)
    {
        var table = new StringBuilder("| server | µs a frame | × the bare loop | cold, µs a frame | cold × the bare loop | KB a connection | delivered | p99 ms, built to seen | runs |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        var (bare, bareCold) = (double.NaN, double.NaN);
        foreach (var server in servers)
        {
            var runs = Directory.GetFiles(folder, server + ".*.json").Select(Read).ToArray();
            if (runs.Length == 0)
            {
                table.Append(CultureInfo.InvariantCulture, $"| {server} | did not run | | | | | | | 0 |\n");
                continue;
            }

            var cpu = Median(runs.Select(r => r.Cpu));
            var cold = Median(runs.Select(r => r.ColdCpu));
            if (double.IsNaN(bare)) (bare, bareCold) = (cpu, cold);
            table.Append(CultureInfo.InvariantCulture, $"| {server} | {cpu:0.0} | {cpu / bare:0.00} | {Text(cold, "0.0")} | {Text(cold / bareCold, "0.00")} | {Median(runs.Select(r => r.Kilobytes)):0.0} | {Median(runs.Select(r => r.Delivered)):0.0} % | {Median(runs.Select(r => r.P99)):0.0} | {runs.Length} |\n");
        }

        return table.ToString();
    }

    /// <summary>A run may leave the cold phase out.</summary>
    private static string Text(double value, string format) => double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);

    private static (double Cpu, double ColdCpu, double Kilobytes, double Delivered, double P99) Read(string file)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(file));
        var facts = report.RootElement.GetProperty("facts");
        var p99 = report.RootElement.GetProperty("latencies").TryGetProperty(Interactions.LoadTests.Swarm.Watching.LatencyNames.Built, out var built)
            ? built.GetProperty("p99Ms").GetDouble() : double.NaN;
        var cold = facts.TryGetProperty(PeerScenario.ColdCpuPerFrame, out var measured) ? measured.GetDouble() : double.NaN;
        return (facts.GetProperty(PeerScenario.CpuPerFrame).GetDouble(), cold, facts.GetProperty(PeerScenario.IdleKilobytes).GetDouble(), facts.GetProperty(PeerScenario.Delivered).GetDouble(), p99);
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
