using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Silo.Grains;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Interactions.Silo.Hosting;

/// <summary>
/// After a silo's start, wakes each partition of the directory once: what a crash left half done is settled by the partition, without
/// anyone asking for it. Waits for nothing and is waited for by nothing.
/// </summary>
public sealed partial class PartitionSweep(IGrainFactory grains, StreamOptions options, TimeProvider time, ILogger<PartitionSweep> logger) : BackgroundService
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
        var order = Enumerable.Range(0, DirectoryPartitions.Count).ToArray();
        try
        {
            if (options.IsAlone)
            {
                await Task.WhenAll(order.Select(partition => WakeAsync(partition, stoppingToken)));
            }
            else
            {
                Random.Shared.Shuffle(order);
                foreach (var partition in order)
                {
                    await WakeAsync(partition, stoppingToken);
                    await Task.Delay(Apart, time, stoppingToken);
                }
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

    private async Task WakeAsync(int partition, CancellationToken stopping)
    {
        for (var isSaid = false; ; isSaid = true)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                await grains.GetGrain<IDirectoryGrain>(partition).SettledAsync();
                return;
            }
            catch (Exception failed) when (!stopping.IsCancellationRequested)
            {
                if (!isSaid) LogAsleep(logger, partition, failed.Message.ReplaceLineEndings(" "));
                await Task.Delay(TryAgainAfter, time, stopping);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} of the directory can't be read now: {Reason}")]
    private static partial void LogAsleep(ILogger logger, int partition, string reason);
}
