using System.Diagnostics;
using System.Text.Json;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Remote;

/// <summary>
/// Any number of viewers in as many processes as open files need: child processes of this program that are told what to do
/// line by line. One caller at a time. Disposing ends them.
/// </summary>
internal sealed class ViewerSwarm : IAsyncDisposable
{
    /// <summary>Where a process may have 20,000 open files.</summary>
    public const int ViewersPerProcess = 18_000;

    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    private readonly List<Process> _children = [];
    private readonly SemaphoreSlim _turn = new(1);

    private ViewerSwarm()
    {
    }

    /// <summary>As last counted.</summary>
    public SwarmCounts Last { get; private set; } = new();

    /// <summary>Starts the processes; they connect while this returns.</summary>
    public static async Task<ViewerSwarm> StartAsync(IEnumerable<SwarmPlan> plans, CancellationToken cancellationToken)
    {
        var swarm = new ViewerSwarm();
        try
        {
            var parts = plans.SelectMany(p => SwarmChild.Split(p, (p.Viewers + ViewersPerProcess - 1) / ViewersPerProcess)).ToArray();
            foreach (var _ in parts) swarm._children.Add(StartChild());
            await Task.WhenAll(swarm._children.Zip(parts, (child, part) => AskAsync(child, new SwarmCommand(SwarmCommand.Start, part), cancellationToken)));
            return swarm;
        }
        catch
        {
            await swarm.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts measuring anew; what comes before <paramref name="fromTicks"/> is not measured.</summary>
    public Task MeasureAsync(LikeClock clock, long fromTicks, CancellationToken cancellationToken) =>
        TellAsync(new SwarmCommand(SwarmCommand.Measure, Clock: clock, FromTicks: fromTicks), cancellationToken);

    public Task ExpectAsync(Expectation expected, CancellationToken cancellationToken) =>
        TellAsync(new SwarmCommand(SwarmCommand.Expect, Expected: expected), cancellationToken);

    public Task CutAsync(CancellationToken cancellationToken) => TellAsync(new SwarmCommand(SwarmCommand.Cut), cancellationToken);

    public Task<SwarmCounts> CountAsync(CancellationToken cancellationToken) =>
        TellAsync(new SwarmCommand(SwarmCommand.Count), cancellationToken);

    public Task<SwarmCounts> ReportAsync(CancellationToken cancellationToken) =>
        TellAsync(new SwarmCommand(SwarmCommand.Count, Latencies: true), cancellationToken);

    /// <summary>Counts again and again until it is so, or time is up.</summary>
    /// <returns>Whether it is so.</returns>
    public async Task<bool> UntilAsync(Func<SwarmCounts, bool> so, TimeSpan within, TimeSpan every, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var counts = await CountAsync(cancellationToken);
            if (so(counts)) return true;
            if (counts.Refused > 0) throw new InvalidOperationException($"{counts.Refused} viewers were refused; the last problem: {counts.LastProblem}");
            if (Stopwatch.GetElapsedTime(started) > within) return false;
            await Task.Delay(every, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _children)
        {
            try
            {
                child.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended by itself.
            }
        }

        using var late = new CancellationTokenSource(EndWithin);
        foreach (var child in _children)
        {
            try
            {
                await child.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                child.Kill();
            }

            child.Dispose();
        }

        _turn.Dispose();
    }

    private async Task<SwarmCounts> TellAsync(SwarmCommand command, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var sum = new SwarmCounts();


            // Not given up half-way: the next question would get this one's answer.
            foreach (var counts in await Task.WhenAll(_children.Select(c => AskAsync(c, command, CancellationToken.None)))) sum.Add(counts);
            return Last = sum;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task<SwarmCounts> AskAsync(Process child, SwarmCommand command, CancellationToken cancellationToken)
    {
        await child.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command, SwarmCommand.Json).AsMemory(), cancellationToken);
        await child.StandardInput.FlushAsync(cancellationToken);
        var answer = await child.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("A process of the swarm ended; what it said is above.");
        return JsonSerializer.Deserialize<SwarmCounts>(answer, SwarmCommand.Json)!;
    }

    private static Process StartChild()
    {
        // The same program: as an executable of its own, or as the library that dotnet runs.
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(ViewerSwarm).Assembly.Location);
        start.ArgumentList.Add(SwarmChild.Name);
        return Process.Start(start)!;
    }
}
