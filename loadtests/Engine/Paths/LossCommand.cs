using System.Globalization;
using System.Text.Json;

namespace Interactions.Engine.Paths;

/// <summary>Kills the silo that has all the streams, once for each way.</summary>
internal static class LossCommand
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(Numbers options)
    {
        var (streams, seconds) = (options["streams", 10], options["seconds", 25]);
        Console.WriteLine("| way | subscriptions that are pushed to again | longest gap p50, s | max, s |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var way in new[] { Way.Observer, Way.MemoryStream, Way.Broadcast })
        {
            await using var cluster = await Cluster.StartAsync(options["clients", 3], streams, way);
            var plan = new Plan(way, options["rate", 20], 1, options["bytes", 200], 3600);
            await cluster.TellAsync($"join {way}");
            await cluster.TellAsync($"keep {JsonSerializer.Serialize(plan)}");
            await Task.Delay(Steady);
            cluster.SecondSilo.Kill();
            await Task.Delay(TimeSpan.FromSeconds(seconds));

            var reports = await cluster.ReportAsync();
            var back = reports.SelectMany(report => report.Quiet.Zip(report.LongestGaps)).Where(one => one.First < 2).Select(one => one.Second).Order().ToArray();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {way} | {back.Length} of {streams * cluster.Clients.Count} within {seconds} s | {Sorted.Percentile(back, 50):F1} | {(back.Length == 0 ? 0 : back[^1]):F1} |"));
        }

        return 0;
    }
}
