using Interactions.Silo.Grains;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Interactions.Silo.Hosting;

/// <summary>
/// Moves the streams of a silo that stops to the others, those with viewers first: each is active elsewhere at once, and calls that
/// wait for it go there. It begins when the silo is listed as leaving, so that nothing comes back to it and the others keep the grain
/// directory, and ends before Orleans deactivates the rest.
/// </summary>
internal sealed partial class HandOver(
    StreamRegister streams, IClusterMembershipService membership, ILocalSiloDetails local, TimeProvider time, ILogger<HandOver> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Few, so that the others are not held up in what they do; each takes about as long as two calls of the log.</summary>
    private const int AtOnce = 16;

    /// <summary>What is left then moves at its next call, as it does after a crash.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <summary>Silos that have not heard of it yet would register streams with this one, and give them up when they hear.</summary>
    private static readonly TimeSpan Gossip = TimeSpan.FromMilliseconds(100);

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(HandOver), ServiceLifecycleStage.BecomeActive, static _ => Task.CompletedTask, RunAsync);

    private async Task RunAsync(CancellationToken stopping)
    {
        if (Others().Length == 0) return;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        late.CancelAfter(Within);
        var since = time.GetTimestamp();
        var moved = 0;
        var all = 0;
        try
        {
            await LeavingAsync(late.Token);
            var (others, next) = (Others(), 0);
            if (others.Length == 0) return;
            var leaving = streams.WatchedFirst();
            all = leaving.Count;
            await Parallel.ForEachAsync(leaving, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = late.Token }, async (stream, cancelled) =>
            {
                // In turn: what silos say of their load is up to a second old, and all would go to one.
                var to = others[Interlocked.Increment(ref next) % others.Length];
                stream.Migrate(new() { [IPlacementDirector.PlacementHintKey] = to }, stopping);
                await stream.Deactivated.WaitAsync(cancelled);
                Interlocked.Increment(ref moved);
            });
        }
        catch (OperationCanceledException)
        {
            // There is no time left.
        }

        var tookMs = (long)time.GetElapsedTime(since).TotalMilliseconds;
        if (all > 0) LogHandedOver(logger, moved, all, tookMs);
    }

    private SiloAddress[] Others() =>
        [.. membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(local.SiloAddress)).Select(static member => member.SiloAddress)];

    private async Task LeavingAsync(CancellationToken late)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(late))
        {
            if (snapshot.GetSiloStatus(local.SiloAddress).IsTerminating()) break;
        }

        await Task.Delay(Gossip, time, late);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Moved} of {All} streams were handed over to other silos in {Milliseconds} ms")]
    private static partial void LogHandedOver(ILogger logger, int moved, int all, long milliseconds);
}
