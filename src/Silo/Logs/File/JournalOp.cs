using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.File;

/// <summary>Something that waits for the writer.</summary>
internal abstract class JournalOp(string stream)
{
    public string Stream { get; } = stream;

    public abstract int Bytes { get; }

    public abstract void Complete();

    public abstract void Fail(Exception e);
}

internal abstract class JournalOp<T>(string stream) : JournalOp(stream)
{
    // Callers go on elsewhere, never on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    public T Result { get; set; } = default!;

    /// <summary>Where in the group's bytes its record is; -1 when it has none.</summary>
    public int At { get; set; } = -1;

    /// <summary>The stream it changes; null when it changes none.</summary>
    public StreamIndex? Index { get; set; }

    public override void Complete() => _done.TrySetResult(Result);

    public override void Fail(Exception e) => _done.TrySetException(e);
}

internal sealed class AppendOp(string stream, AppendRequest request) : JournalOp<AppendResult>(stream)
{
    public AppendRequest Request { get; } = request;

    public ProducerUndo Undo { get; set; }

    public long AtMsBefore { get; set; }

    public override int Bytes => Request.Batch.Length;
}

/// <param name="stream">Of which stream.</param>
/// <param name="snapshot">What to store.</param>
/// <param name="keepFrom">The first offset that is not too old; the log is trimmed up to it, as far as the second-newest snapshot allows.</param>
internal sealed class SnapshotOp(string stream, LogSnapshot snapshot, long keepFrom) : JournalOp<bool>(stream)
{
    public LogSnapshot Snapshot { get; } = snapshot;

    public long KeepFrom { get; } = keepFrom;

    public long SnapshotBefore { get; set; }

    public override int Bytes => Snapshot.State.Length;
}

internal sealed class DeleteOp(string stream) : JournalOp<bool>(stream)
{
    public override int Bytes => 0;
}
