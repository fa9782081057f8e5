using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Memory;

namespace Interactions.Tests.Silo.Nodes;

/// <summary>
/// One process's way to a log that outlives it: after so many writes the process is as good as killed, and nothing of it
/// reaches the log any more.
/// </summary>
internal sealed class CutLog(MemoryLog inner) : IStreamLog
{
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes = int.MaxValue;

    public bool IsShared => false;

    /// <summary>Completes at the first write that does not get through.</summary>
    public Task Cut => _cut.Task;

    /// <summary>What every append waits for.</summary>
    public Task Released { get; set; } = Task.CompletedTask;

    public void CutAfter(int writes) => _writes = writes;

    public async ValueTask<AppendResult> AppendAsync(string stream, AppendRequest request, CancellationToken cancellationToken = default)
    {
        Write();
        await Released.WaitAsync(cancellationToken);
        return await inner.AppendAsync(stream, request, cancellationToken);
    }

    public async ValueTask DeleteAsync(string stream, CancellationToken cancellationToken = default)
    {
        Write();
        await inner.DeleteAsync(stream, cancellationToken);
    }

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(stream, after, max, cancellationToken);

    public IAsyncEnumerable<Entry> TailAsync(string stream, Position after, CancellationToken cancellationToken = default) =>
        inner.TailAsync(stream, after, cancellationToken);

    public ValueTask<LogSnapshot?> GetSnapshotAsync(string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default) =>
        inner.GetSnapshotAsync(stream, notAfterMs, cancellationToken);

    public ValueTask<bool> PutSnapshotAsync(string stream, LogSnapshot snapshot, CancellationToken cancellationToken = default) =>
        _cut.Task.IsCompleted ? ValueTask.FromResult(false) : inner.PutSnapshotAsync(stream, snapshot, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Write()
    {
        if (Interlocked.Decrement(ref _writes) >= 0) return;
        _cut.TrySetResult();
        throw new LogUnavailableException("The process was killed.");
    }
}
