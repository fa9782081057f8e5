using System.Diagnostics;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Rocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.InProcess;

/// <summary>What the log in a data folder takes: appends one at a time, and from so many streams at once that they share a write.</summary>
internal static class FolderCeiling
{
    private static readonly int[] Appenders = [1, 10, 100, 1000];

    public static async Task<int> RunAsync(Numbers numbers)
    {
        var (seconds, bytes) = (numbers["seconds", 5], numbers["batch-bytes", 200]);
        var folder = Directory.CreateTempSubdirectory("folder-ceiling-").FullName;
        try
        {
            var started = Stopwatch.GetTimestamp();
            await using var log = RocksLog.Open(new RocksLogOptions { Path = folder }, TimeProvider.System, NullLogger<RocksLog>.Instance);
            Console.WriteLine($"opened in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
            await MeasureAsync(log, 10, TimeSpan.FromSeconds(1), bytes, 0); // compiles this
            foreach (var appenders in Appenders)
            {
                var times = await MeasureAsync(log, appenders, TimeSpan.FromSeconds(seconds), bytes, appenders);
                times.Sort();
                Console.WriteLine(
                    $"{appenders} at a time: {times.Count / seconds:#,0} appends/s, p50 {times[times.Count / 2]:F2} ms, p90 {times[times.Count * 9 / 10]:F2} ms, p99 {times[times.Count * 99 / 100]:F2} ms");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<List<double>> MeasureAsync(RocksLog log, int appenders, TimeSpan length, int bytes, int round)
    {
        var until = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, appenders).Select(i => Task.Run(async () =>
        {
            List<double> times = [];
            var (head, epoch) = (LogHead.Empty, Epochs.New(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
            while (Stopwatch.GetTimestamp() < until)
            {
                var began = Stopwatch.GetTimestamp();
                var next = new Position(epoch, head.Position.Offset + 1);
                var entry = new Entry(next, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), "load", next.Offset, new byte[bytes]);
                head = (await log.AppendAsync($"stream-{round}-{i}", head, entry)).Head;
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return times;
        })));
        return [.. all.SelectMany(times => times)];
    }
}
