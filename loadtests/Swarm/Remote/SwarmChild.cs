using System.Diagnostics;
using System.Text.Json;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Remote;

/// <summary>The process that holds up to <see cref="ViewerSwarm.ViewersPerProcess"/> viewers: does what standard input says, until it ends.</summary>
internal static class SwarmChild
{
    public const string Name = "swarm-child";

    public static int Run(TextReader input, TextWriter output)
    {
        List<SwarmWorker> workers = [];
        using var self = Process.GetCurrentProcess();
        while (input.ReadLine() is { } line)
        {
            var command = JsonSerializer.Deserialize<SwarmCommand>(line, SwarmCommand.Json)!;
            Obey(command, workers);
            output.WriteLine(JsonSerializer.Serialize(Sum(workers, self, command.Latencies), SwarmCommand.Json));
            output.Flush();
        }

        foreach (var worker in workers) worker.Dispose();
        return 0;
    }

    private static void Obey(SwarmCommand command, List<SwarmWorker> workers)
    {
        switch (command.Do)
        {
            case SwarmCommand.Start:
                workers.AddRange(Split(command.Plan!, command.Plan!.Threads).Select(p => new SwarmWorker(p)));
                foreach (var worker in workers) worker.Start();
                break;
            case SwarmCommand.Measure:
                foreach (var worker in workers) worker.Measure(command.Clock, command.FromTicks);
                break;
            case SwarmCommand.Expect:
                foreach (var worker in workers) worker.Expect(command.Expected!);
                break;
            case SwarmCommand.Cut:
                foreach (var worker in workers) worker.Cut();
                break;
        }
    }

    /// <summary>Deals viewers out evenly, each part a run of indexes.</summary>
    public static IEnumerable<SwarmPlan> Split(SwarmPlan plan, int parts)
    {
        for (var part = 0; part < parts; part++)
        {
            var first = (int)((long)plan.Viewers * part / parts);
            var end = (int)((long)plan.Viewers * (part + 1) / parts);
            if (end > first) yield return plan with { First = plan.First + first, Viewers = end - first };
        }
    }

    private static SwarmCounts Sum(List<SwarmWorker> workers, Process self, bool latencies)
    {
        self.Refresh();
        var sum = new SwarmCounts();
        foreach (var worker in workers)
        {
            if (worker.Broken is { } broken) throw new InvalidOperationException($"A thread of the swarm broke: {broken}");
            sum.Add(worker.Counts);
        }

        sum.ProcessorSeconds = self.TotalProcessorTime.TotalSeconds;
        if (!latencies) sum.Latencies.Clear();
        return sum;
    }
}
