using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Something that waits for the writer.</summary>
internal abstract class LogOp(string stream)
{
    public string Stream { get; } = stream;

    /// <summary>The stream that it changes; null: nothing changes.</summary>
    public StreamHead? Head { get; set; }

    public abstract int Bytes { get; }

    public abstract void Complete();

    public abstract void Fail(Exception e);
}

internal abstract class LogOp<T>(string stream) : LogOp(stream)
{
    // Callers go on elsewhere, never on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    public T Result { get; set; } = default!;

    public override void Complete() => _done.TrySetResult(Result);

    public override void Fail(Exception e) => _done.TrySetException(e);
}

internal sealed class AppendOp(string stream, AppendRequest request) : LogOp<AppendResult>(stream)
{
    public AppendRequest Request { get; } = request;

    public Entry? Entry { get; set; }

    public override int Bytes => Request.Batch.Length;
}

/// <param name="stream">Of which stream.</param>
/// <param name="snapshot">What to store.</param>
/// <param name="keepFrom">The first offset that is not too old; the log is trimmed up to it, as far as the second-newest snapshot allows.</param>
internal sealed class SnapshotOp(string stream, LogSnapshot snapshot, long keepFrom) : LogOp<bool>(stream)
{
    public LogSnapshot Snapshot { get; } = snapshot;

    public long KeepFrom { get; } = keepFrom;

    /// <summary>What the log is trimmed to; decided by the writer.</summary>
    public long First { get; set; }

    public override int Bytes => Snapshot.State.Length;
}

internal sealed class DeleteOp(string stream) : LogOp<bool>(stream)
{
    /// <summary>The stream's head could not be read: there is something to delete, and nobody knows what.</summary>
    public bool IsDamaged { get; set; }

    public override int Bytes => 0;
}
