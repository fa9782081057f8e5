using System.Globalization;
using System.Text.Json;

namespace Interactions.Engine.Paths;

/// <summary>Ways from a grain to clients, side by side, evenly paced and in bursts of 20.</summary>
internal static class PathsCommand
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(Numbers options)
    {
        var (streams, clients, seconds) = (options["streams", 20], options["clients", 3], options["seconds", 10]);
        Console.WriteLine($"2 silos, {clients} clients, {streams} streams of {options["rate", 100]} a second to each client, {options["bytes", 200]} bytes; processor time without what is used at rest");
        Console.WriteLine("| way | arrived of sent | p50 ms | p99 ms | out of order | in order p50 | p99 | wait for a hole p50 | p99 | max | beyond 50 ms | in the grain's turn, µs | silos, µs CPU each | client, µs CPU each | silos at rest, % of a core |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var way in Enum.GetValues<Way>())
        {
            await using var cluster = await Cluster.StartAsync(clients, streams, way);
            if (way != Way.Call) await cluster.TellAsync($"join {way}");
            foreach (var burst in way == Way.Call ? new[] { 1 } : [1, 20])
            {
                var plan = new Plan(way, options["rate", 100], burst, options["bytes", 200], seconds);
                await RunAsync(cluster, streams, plan with { Seconds = 5 }); // warm
                var atRest = await MeasureAsync(cluster, () => Task.Delay(Rest));
                await cluster.ReportAsync();
                var used = await MeasureAsync(cluster, () => RunAsync(cluster, streams, plan));
                await PrintAsync(cluster, streams, plan, used, atRest);
            }
        }

        return 0;
    }

    private static async Task RunAsync(Cluster cluster, int streams, Plan plan)
    {
        if (plan.Way == Way.Call)
        {
            await cluster.TellAsync($"call {JsonSerializer.Serialize(plan)}");
            return;
        }

        for (var i = 0; i < streams; i++) await cluster.Grains.GetGrain<ISourceGrain>(i).StartAsync(plan);
        await Task.Delay(TimeSpan.FromSeconds(plan.Seconds + (plan.Way == Way.MemoryStream ? 3 : 1)));
    }

    // Cores used.
    private static async Task<(double Silos, double Clients, double Seconds)> MeasureAsync(Cluster cluster, Func<Task> work)
    {
        double Silos() => (cluster.FirstSilo.ProcessorTime + cluster.SecondSilo.ProcessorTime).TotalSeconds;
        double Clients() => cluster.Clients.Sum(client => client.ProcessorTime.TotalSeconds);
        var (silos, clients, began) = (Silos(), Clients(), TimeProvider.System.GetTimestamp());
        await work();
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        return ((Silos() - silos) / seconds, (Clients() - clients) / seconds, seconds);
    }

    private static async Task PrintAsync(
        Cluster cluster, int streams, Plan plan, (double Silos, double Clients, double Seconds) used, (double Silos, double Clients, double Seconds) atRest)
    {
        var turn = 0.0;
        for (var i = 0; i < streams; i++) turn += await cluster.Grains.GetGrain<ISourceGrain>(i).TurnMicrosecondsAsync() / streams;
        var reports = await cluster.ReportAsync();
        var sent = (long)plan.Rate * plan.Seconds * streams * cluster.Clients.Count;
        var arrived = reports.Sum(report => report.Count);
        string Mean(Func<ArrivalReport, double> value) => reports.Average(value).ToString("F1", CultureInfo.InvariantCulture);
        string Each(double cores, double rest) => ((cores - rest) * used.Seconds * 1e6 / Math.Max(1, arrived)).ToString("F0", CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {plan.Way}{(plan.Burst > 1 ? $", bursts of {plan.Burst}" : "")} | {100.0 * arrived / sent:F1} % | {Mean(r => r.P50Ms)} | {Mean(r => r.P99Ms)} | {100.0 * reports.Sum(r => r.OutOfOrder) / Math.Max(1, arrived):F1} % | {Mean(r => r.OrderedP50Ms)} | {Mean(r => r.OrderedP99Ms)} | {Mean(r => r.HoleP50Ms)} | {Mean(r => r.HoleP99Ms)} | {reports.Max(r => r.HoleMaxMs):F1} | {reports.Sum(r => r.BeyondWindow)} | {turn:F1} | {Each(used.Silos, atRest.Silos)} | {Each(used.Clients, atRest.Clients)} | {atRest.Silos * 100:F0} |"));
    }
}
