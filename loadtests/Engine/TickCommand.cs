using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Grains;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Streams;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Engine;

/// <summary>
/// A live stream on the log in memory, without Orleans: frontends that all send, each with one batch under way, and are all pushed to.
/// </summary>
internal static class TickCommand
{
    private const ulong Creation = 42;

    public static async Task<int> RunAsync(Numbers options)
    {
        Console.WriteLine($"each frontend sends {options["rate", 200]} batches a second, if the last is answered");
        Console.WriteLine("| frontends | batches a second | entries (appends) a second | answered p50 ms | p99 ms | the grain's turns, % of a core | µs an entry | µs a batch |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        await MeasureAsync(10, options["rate", 200], 2, isShown: false); // warm
        foreach (var frontends in new[] { 1, 3, 10, 30, 100, 300, 500 }) await MeasureAsync(frontends, options["rate", 200], options["seconds", 5], isShown: true);
        return 0;
    }

    private static async Task MeasureAsync(int frontends, int rate, int seconds, bool isShown)
    {
        using var turns = new GrainThread();
        using var services = new ServiceCollection().AddMetrics().AddSingleton<SiloMetrics>().BuildServiceProvider();
        using var leases = new FrontendLeases("silo-1", TimeProvider.System);
        await using var log = new MemoryLog();
        var metrics = services.GetRequiredService<SiloMetrics>();
        var stream = new LiveStream(
            "match-7", log, new StreamOptions("eu", TimeSpan.FromSeconds(120)), leases, new ClockWatch(TimeProvider.System, NullLogger.Instance, metrics),
            TimeProvider.System, NullLogger.Instance, metrics, () => RuleBook.First,
            action => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, turns), () => { }, () => { });
        await turns.RunAsync(async () =>
        {
            await stream.LoadAsync(CancellationToken.None);
            await stream.AddAsync(new Configured("ada", Creation, new SettingsPatch()));
            return await stream.AddAsync(new StatusSet(StreamStatus.Live));
        });
        var observer = new BytesObserver();
        for (var i = 0; i < frontends; i++)
        {
            var frontend = $"f-{i}";
            await turns.RunAsync(() => stream.SubscribeAsync(new SubscribeRequest(frontend, observer, Position.Start), "silo"));
        }

        var answered = new ConcurrentBag<double>();
        var (used, pushes, began) = (turns.ProcessorTime, observer.Count, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, frontends).Select(i => SendAsync(turns, stream, $"f-{i}", rate, seconds, answered)));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var entries = (observer.Count - pushes) / (double)frontends;
        var processor = (turns.ProcessorTime - used).TotalMicroseconds;
        var sorted = answered.Order().ToArray();
        if (!isShown) return;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {frontends} | {answered.Count / took:F0} | {entries / took:F0} | {Sorted.Percentile(sorted, 50):F1} | {Sorted.Percentile(sorted, 99):F1} | {processor / took / 1e4:F1} | {processor / entries:F0} | {processor / answered.Count:F1} |"));
    }

    private static async Task SendAsync(GrainThread turns, LiveStream stream, string frontend, int rate, int seconds, ConcurrentBag<double> answered)
    {
        await Task.Delay(Random.Shared.Next(1000 / rate + 1));
        var began = Stopwatch.GetTimestamp();
        for (var sequence = 1L; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; sequence++)
        {
            List<BatchItem> items = [new Taps("like", 3)];
            if (sequence % 20 == 0) items.Add(new Submitted($"{frontend}-{sequence}", "Ada", false, 0, new Comment("What a goal!", null)));
            var sent = Stopwatch.GetTimestamp();
            await turns.RunAsync(() => stream.SendAsync(new SendRequest(Creation, new Batch(frontend, sequence, 1, items))));
            var waited = Stopwatch.GetElapsedTime(sent);
            answered.Add(waited.TotalMilliseconds);
            var pause = TimeSpan.FromSeconds(1.0 / rate) - waited;
            if (pause > TimeSpan.Zero) await Task.Delay(pause);
        }
    }

    /// <summary>Has each push encoded, as one to another process is: once for all.</summary>
    private sealed class BytesObserver : IFeedObserver
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        public void Pushed(FeedPush push)
        {
            _ = push.Bytes;
            _count++; // only in the stream's turns
        }

        public void Marked(PushMark mark)
        {
        }

        public void Ended(FeedEnd end)
        {
        }
    }
}
