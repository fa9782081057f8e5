using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Silo.Directories;
using Interactions.Silo.Logs;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Interactions.Silo.Grains;

/// <summary>A partition of the directory as a grain; see <see cref="DirectoryPartition"/>.</summary>
[Reentrant, CollectionAgeLimit(Minutes = 15)]
internal sealed class DirectoryGrain : Grain, IDirectoryGrain, IDisposable
{
    private static readonly TimeSpan LookIfBusy = TimeSpan.FromMinutes(10);

    private readonly LogServers _logs;
    private readonly DirectoryPartition _partition;
    private readonly TaskScheduler _turns = TaskScheduler.Current;

    public DirectoryGrain(LogServers logs, StreamOptions options, TimeProvider time, ILogger<DirectoryGrain> logger, SiloMetrics metrics)
    {
        _logs = logs;
        _partition = new DirectoryPartition(
            (int)this.GetPrimaryKeyLong(), logs.First, time, logger, metrics,
            intent => GrainFactory.GetGrain<IStreamGrain>(intent.Row.Id).SettleAsync(intent), options.IsAlone, DeactivateOnIdle);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _partition.OpenAsync(cancellationToken);
        _logs.First.Restarted += TellRestarted;
        StayWhileBusy();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _logs.First.Restarted -= TellRestarted;
        await _partition.CloseAsync();
    }

    public Task SettledAsync() => _partition.LeftTried;

    public void Dispose() => _partition.Dispose();

    public Task<DirectoryRow?> FindAsync(string id) => _partition.FindAsync(id);

    public async Task<bool> BeginAsync(DirectoryIntent intent)
    {
        var isBegun = await _partition.TakeAsync(new IntentBegun(intent));
        StayWhileBusy();
        return isBegun;
    }

    public Task FinishAsync(string id, ulong creation, string? intent, string title, StreamStatus status) =>
        _partition.TakeAsync(new RowShown(id, creation, intent, title, status));

    public Task FinishDeletionAsync(string id, ulong creation) => _partition.TakeAsync(new StreamErased(id, creation));

    public Task CancelAsync(string id, ulong creation, string intent) => _partition.TakeAsync(new CreationCancelled(id, creation, intent));

    public Task<IReadOnlyList<DirectoryRow>> PageAsync(StreamStatus? status, string prefix, string after, int limit) =>
        _partition.PageAsync(status, prefix, after, limit);

    public Task<IReadOnlyList<string>> OwnedByAsync(string user) => _partition.OwnedByAsync(user);

    // What is open is settled later, and nobody may call until then.
    private void StayWhileBusy()
    {
        if (_partition.IsBusy) DelayDeactivation(LookIfBusy);
    }

    private void TellRestarted() => _ = Task.Factory.StartNew(_partition.RestoreAsync, CancellationToken.None, TaskCreationOptions.None, _turns).Unwrap();
}
