using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Something that waits for the writer.</summary>
internal abstract class LogOp(string stream)
{
    public string Stream { get; } = stream;

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

internal sealed class AppendOp(string stream, LogHead head, Entry entry) : LogOp<AppendResult>(stream)
{
    public LogHead Head { get; } = head;

    public Entry Entry { get; } = entry;

    public override int Bytes => Entry.Body.Length;
}

/// <param name="stream">Of which stream.</param>
/// <param name="snapshot">What to store.</param>
/// <param name="keepFrom">The first offset that is not too old; the log is trimmed up to it, as far as the second-newest snapshot allows.</param>
internal sealed class SnapshotOp(string stream, LogSnapshot snapshot, long keepFrom) : LogOp<bool>(stream)
{
    public LogSnapshot Snapshot { get; } = snapshot;

    public long KeepFrom { get; } = keepFrom;

    public override int Bytes => Snapshot.State.Length;
}

/// <param name="stream">Of which stream.</param>
/// <param name="head">The last entry; null: whatever it is, also if nobody can tell.</param>
internal sealed class DeleteOp(string stream, LogHead? head) : LogOp<bool>(stream)
{
    public LogHead? Head { get; } = head;

    public override int Bytes => 0;
}
