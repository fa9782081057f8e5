using System.Diagnostics;
using System.Globalization;
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
            var began = TimeProvider.System.GetUtcNow();
            var (report, wentAway) = await RunWatchedAsync(scenario, context, cancellationToken);

            // A tool that was itself short of processor time measured itself: say how much it used.
            self.Refresh();
            var took = TimeProvider.System.GetElapsedTime(started);
            report.Fact("run (s)", took.TotalSeconds);
            report.Fact("processor time of this tool (cores)", (self.TotalProcessorTime - cpuBefore) / took);
            foreach (var (name, value) in RunDetails.Of(arguments, began)) report.About(name, value);
            Console.WriteLine(report.ToTable());
            if (arguments.TextOrNull("json") is { } file) await File.WriteAllTextAsync(file, report.ToJson() + "\n", CancellationToken.None);
            if (arguments.TextOrNull("report") is { } folder) await SaveAsync(report, folder);
            return wentAway ? CouldNotRun : report.Passed ? Passed : Failed;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is UsageException or UnauthorizedAccessException or IOException or HttpRequestException or WebSocketException or TimeoutException or FormatException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"{scenario.Name} could not run: {e.Message}");
            return CouldNotRun;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{scenario.Name} was stopped.");
            return CouldNotRun;
        }
    }

    /// <summary>Runs the scenario until it, or the service, ends; then there is what was found until then.</summary>
    private static async Task<(Report Report, bool WentAway)> RunWatchedAsync(IScenario scenario, ScenarioContext context, CancellationToken cancellationToken)
    {
        await using var watch = new ServiceWatch(context.FindServer(), context.Addresses, context.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Gone);
        try
        {
            return (await scenario.RunAsync(context, ends.Token), false);
        }
        catch (Exception e) when (e is not UsageException && !cancellationToken.IsCancellationRequested && watch.HasGone())
        {
            var report = context.SoFar ?? new Report(scenario.Name);
            report.Failure(string.Create(CultureInfo.InvariantCulture, $"the service went away after {watch.Lasted.TotalSeconds:0} s"));
            return (report, true);
        }
    }

    private static async Task SaveAsync(Report report, string folder)
    {
        Directory.CreateDirectory(folder);
        var page = Path.GetFullPath(Path.Combine(folder, report.Scenario + ".html"));
        await File.WriteAllTextAsync(Path.ChangeExtension(page, ".json"), report.ToJson() + "\n", CancellationToken.None);
        await File.WriteAllTextAsync(page, HtmlReport.Write(report), CancellationToken.None);
        Console.WriteLine($"report: {page} (and .json)");
    }

    public static void PrintOptions(IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            Console.WriteLine($"  --{option.Name,-24} {option.Help}{(option.Default is null ? "" : $" (default {option.Default})")}");
        }
    }
}
