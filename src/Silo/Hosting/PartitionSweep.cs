using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Silo.Grains;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Interactions.Silo.Hosting;

/// <summary>
/// Wakes each partition of the directory once, after the silo's start and each time that another silo has gone: what a crash left half
/// done is settled by the partition, without anyone asking for it.
/// </summary>
public sealed partial class PartitionSweep(
    IGrainFactory grains, IClusterMembershipService membership, StreamOptions options, TimeProvider time, ILogger<PartitionSweep> logger) : BackgroundService
{
    /// <summary>In a cluster there is no hurry, and several silos may start at once.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every partition is awake and what the last life of this process left half done was tried.</summary>
    public Task Done => _done.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            if (options.IsAlone)
            {
                await Task.WhenAll(Enumerable.Range(0, DirectoryPartitions.Count).Select(partition => WakeAsync(partition, stoppingToken)));
                return;
            }

            var known = 0;
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                var active = snapshot.Members.Values.Count(member => member.Status == SiloStatus.Active);
                if (known == 0 || active < known) await SweepAsync(stoppingToken);
                known = active;
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
        finally
        {
            _done.TrySetResult();
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        var order = Enumerable.Range(0, DirectoryPartitions.Count).ToArray();
        Random.Shared.Shuffle(order);
        foreach (var partition in order)
        {
            await WakeAsync(partition, stopping);
            await Task.Delay(Apart, time, stopping);
        }

        _done.TrySetResult();
    }

    private async Task WakeAsync(int partition, CancellationToken stopping)
    {
        for (var tries = 1; ; tries++)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                await grains.GetGrain<IDirectoryGrain>(partition).SettledAsync();
                return;
            }
            catch (Exception failed) when (!stopping.IsCancellationRequested)
            {
                if (tries == 2) LogAsleep(logger, partition, failed.Message.ReplaceLineEndings(" "));
                await Task.Delay(TryAgainAfter, time, stopping);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} of the directory can't be read now: {Reason}")]
    private static partial void LogAsleep(ILogger logger, int partition, string reason);
}
