using System.Diagnostics;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;

namespace Interactions.InProcess;

/// <summary>What a frame costs per viewer besides send(2): one room, a like per tick, sinks that do nothing.</summary>
internal static class FanoutCost
{
    public static async Task<int> RunAsync(Numbers numbers)
    {
        var (viewers, seconds, behind) = (numbers["viewers", 10_000], numbers["seconds", 10], numbers["behind", 0]);
        await using var bench = await Bench.StartAsync();
        var stream = await bench.GoLiveAsync("room");
        var sinks = new NullSink[viewers];
        var members = new Cursor[viewers];
        for (var i = 0; i < viewers; i++) sinks[i] = new(i % 2 == 0 ? WireFormat.Sse : WireFormat.Tagged);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < viewers; i++) (members[i], _) = await bench.EnterAsync("room", sinks[i]);
        while (sinks.Any(sink => sink.Messages == 0)) await Task.Delay(10);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        await LikeAsync(bench, stream, sinks, behind, TimeSpan.FromSeconds(2));
        var (sent, cpu, allocated) = (sinks.Sum(sink => sink.Messages), Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes(true));
        var ticks = await LikeAsync(bench, stream, sinks, behind, TimeSpan.FromSeconds(seconds));
        sent = sinks.Sum(sink => sink.Messages) - sent;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(true) - allocated;
        Console.WriteLine($"viewers {viewers}, likes {ticks}, frames sent {sent}");
        Console.WriteLine($"CPU per frame {cpu.TotalNanoseconds / sent:F0} ns (whole process)");
        Console.WriteLine($"allocated per frame {(double)allocated / sent:F2} bytes, per like {allocated / ticks} bytes");
        Console.WriteLine($"held per viewer {held / viewers} bytes (cursor and membership)");
        GC.KeepAlive(members);
        return 0;
    }

    private static async Task<int> LikeAsync(Bench bench, Contracts.Grains.StreamInfo stream, NullSink[] sinks, int behind, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var ticks = 0;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            var from = ticks * 37;
            for (var i = 0; i < sinks.Length / 1000 * behind; i++) sinks[(from + i) % sinks.Length].Stall();
            await bench.Outboxes.SendAsync(stream, [Bench.Like]);
            await Task.Delay(25);
            for (var i = 0; i < sinks.Length / 1000 * behind; i++) sinks[(from + i) % sinks.Length].Drain();
            ticks++;
        }

        return ticks;
    }
}
