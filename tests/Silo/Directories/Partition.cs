using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Log;
using Interactions.Silo.Directories;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Tests.Silo.Directories;

/// <summary>One activation of a partition, in turns as a grain has them, without Orleans.</summary>
internal sealed class Partition : IAsyncDisposable
{
    private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<SiloMetrics>().BuildServiceProvider();
    private readonly DirectoryPartition _partition;

    private Partition(IStreamLog log, TimeProvider time, bool isAlone, Func<Partition, DirectoryIntent, Task> settle) =>
        _partition = new DirectoryPartition(
            7, log, time, NullLogger.Instance, _services.GetRequiredService<SiloMetrics>(), intent => settle(this, intent), isAlone, () => IsLost = true);

    public bool IsLost { get; private set; }

    public static async Task<Partition> OpenAsync(
        IStreamLog log, TimeProvider? time = null, bool isAlone = false, Func<Partition, DirectoryIntent, Task>? settle = null)
    {
        var partition = new Partition(log, time ?? TimeProvider.System, isAlone, settle ?? ((_, _) => Task.CompletedTask));
        await partition.InTurnAsync(async inner =>
        {
            await inner.OpenAsync();
            return true;
        });
        return partition;
    }

    public Task<T> InTurnAsync<T>(Func<DirectoryPartition, Task<T>> call) =>
        Task.Factory.StartNew(() => call(_partition), CancellationToken.None, TaskCreationOptions.None, _turns).Unwrap().WaitAsync(TimeSpan.FromSeconds(60));

    public Task<bool> BeginAsync(string id, ulong creation, DirectoryIntentKind kind = DirectoryIntentKind.Create, string? name = null) =>
        InTurnAsync(inner => inner.TakeAsync(new IntentBegun(new DirectoryIntent(name ?? Epochs.New(), kind, new DirectoryRow(id, "ada", "", StreamStatus.Created, creation, 5)))));

    public Task FinishAsync(string id, ulong creation, string? intent, StreamStatus status = StreamStatus.Created) =>
        InTurnAsync(inner => inner.TakeAsync(new RowShown(id, creation, intent, "", status)));

    public Task<IReadOnlyList<DirectoryRow>> PageAsync() => InTurnAsync(inner => inner.PageAsync(null, "", "", 10_000));

    public async ValueTask DisposeAsync()
    {
        await InTurnAsync(async inner =>
        {
            await inner.CloseAsync();
            inner.Dispose();
            return true;
        });
        await _services.DisposeAsync();
    }
}
