using System.Diagnostics;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;
using Interactions.Contracts.Grains;

namespace Interactions.InProcess;

/// <summary>What many streams of one viewer cost: memory each, CPU when nothing happens, CPU and delay when a little does.</summary>
internal static class StreamCost
{
    public static async Task<int> RunAsync(Numbers numbers)
    {
        var (count, rate, seconds) = (numbers["streams", 15_000], numbers["rate", 1000], numbers["seconds", 10]);
        await using var bench = await Bench.StartAsync(numbers["file", 0] == 1);
        var streams = new StreamInfo[count];
        var sinks = new NullSink[count];
        var members = new (Cursor, Room)[count];
        for (var i = 0; i < count; i++) sinks[i] = new(WireFormat.Sse) { Stamps = true };
        await OpenAsync(bench, "warm", new NullSink(WireFormat.Sse), "ada");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var from = 0; from < count; from += 500)
        {
            await Task.WhenAll(Enumerable.Range(from, Math.Min(500, count - from)).Select(async i =>
            {
                (streams[i], members[i]) = await OpenAsync(bench, $"stream-{i}", sinks[i], $"user-{i}");
            }));
        }

        await Task.Delay(TimeSpan.FromSeconds(4));
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"{count} streams of one viewer: {held / count} bytes each (cursor included), working set {Environment.WorkingSet >> 20} MB");

        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes(true);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(true) - allocated;
        Console.WriteLine($"at rest: {cpu.TotalSeconds / seconds:P2} of a core, {allocated / seconds >> 10} KB allocated a second");

        cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var delays = await LoadAsync(bench, streams, sinks, rate, seconds);
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Array.Sort(delays);
        Console.WriteLine($"{rate} likes a second: {cpu.TotalSeconds / seconds:P1} of a core, like to frame p50 {delays[delays.Length / 2]:F1} ms, p99 {delays[delays.Length * 99 / 100]:F1} ms, max {delays[^1]:F1} ms");
        held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"afterwards {held / count} bytes each");
        GC.KeepAlive(members);
        return 0;
    }

    private static async Task<(StreamInfo, (Cursor, Room))> OpenAsync(Bench bench, string id, NullSink sink, string user)
    {
        var stream = await bench.GoLiveAsync(id);
        var member = await bench.EnterAsync(id, sink, user);
        for (var i = 0; i < 3; i++) await bench.Outboxes.SendAsync(stream, [Bench.Like]);
        for (var i = 0; i < 2; i++) await bench.Outboxes.SendAsync(stream, [new Submitted(user, user, false, (UInt128)(i + 1), new Comment("What a goal that was", null))]);
        return (stream, member);
    }

    private static async Task<double[]> LoadAsync(Bench bench, StreamInfo[] streams, NullSink[] sinks, int rate, int seconds)
    {
        var delays = new List<double>();
        var started = Stopwatch.GetTimestamp();
        var random = new Random(1);
        var tasks = new List<Task>();
        for (var sent = 0; sent < rate * seconds;)
        {
            var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate);
            for (; sent < Math.Min(due, rate * seconds); sent++) tasks.Add(One(random.Next(streams.Length)));
            await Task.Delay(1);
        }

        await Task.WhenAll(tasks);
        return [.. delays];

        async Task One(int i)
        {
            var (at, seen) = (Stopwatch.GetTimestamp(), sinks[i].Messages);
            await bench.Outboxes.SendAsync(streams[i], [Bench.Like]);
            while (sinks[i].Messages == seen) await Task.Delay(5);
            lock (delays) delays.Add(Math.Max(0, Stopwatch.GetElapsedTime(at, sinks[i].At).TotalMilliseconds));
        }
    }
}
