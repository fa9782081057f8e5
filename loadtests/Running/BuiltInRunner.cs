using System.Diagnostics;
using System.Net.WebSockets;
using Interactions.LoadTests.Scenarios;

namespace Interactions.LoadTests.Running;

/// <summary>Runs one scenario from a command line and prints what it found.</summary>
internal static class BuiltInRunner
{
    public const int Passed = 0;
    public const int Failed = 1;
    public const int CouldNotRun = 2;

    public static async Task<int> RunAsync(IScenario scenario, IReadOnlyList<string> commandLine, CancellationToken cancellationToken)
    {
        Option[] options = [.. scenario.Options, .. ScenarioContext.CommonOptions];
        try
        {
            var arguments = Arguments.Parse(commandLine, options);
            if (arguments.WantsHelp)
            {
                Console.WriteLine($"{scenario.Name}: {scenario.Summary}\n");
                PrintOptions(options);
                return Passed;
            }

            using var self = Process.GetCurrentProcess();
            var cpuBefore = self.TotalProcessorTime;
            var started = TimeProvider.System.GetTimestamp();
            var context = new ScenarioContext(arguments, TimeProvider.System, new ProgressLine(Console.Error, Console.IsErrorRedirected));
            var report = await scenario.RunAsync(context, cancellationToken);

            // A tool that was itself short of processor time measured itself: say how much it used.
            self.Refresh();
            var took = TimeProvider.System.GetElapsedTime(started);
            report.Fact("run (s)", took.TotalSeconds);
            report.Fact("processor time of this tool (cores)", (self.TotalProcessorTime - cpuBefore) / took);
            Console.WriteLine(report.ToTable());
            if (arguments.TextOrNull("json") is { } file) await File.WriteAllTextAsync(file, report.ToJson() + "\n", CancellationToken.None);
            if (arguments.TextOrNull("report") is { } folder) await SaveAsync(report, folder);
            return report.Passed ? Passed : Failed;
        }
        catch (Exception e) when (e is UsageException or IOException or HttpRequestException or WebSocketException or TimeoutException or FormatException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"{scenario.Name} could not run: {e.Message}");
            return CouldNotRun;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{scenario.Name} was stopped.");
            return CouldNotRun;
        }
    }

    private static async Task SaveAsync(Report report, string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, report.Scenario + ".json"), report.ToJson() + "\n", CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, report.Scenario + ".html"), HtmlReport.Write(report), CancellationToken.None);
    }

    public static void PrintOptions(IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            Console.WriteLine($"  --{option.Name,-24} {option.Help}{(option.Default is null ? "" : $" (default {option.Default})")}");
        }
    }
}
