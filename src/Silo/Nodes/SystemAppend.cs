using Interactions.Contracts.Batches;

namespace Interactions.Silo.Nodes;

/// <summary>What a caller appends to one of the service's own streams: it waits, is taken or given up, and is folded or fails.</summary>
internal sealed class SystemAppend(Func<IReadOnlyList<BatchItem>> make)
{
    private readonly TaskCompletionSource _folded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    /// <summary>Completes when the fold has it.</summary>
    public Task Folded => _folded.Task;

    /// <returns>False when its caller has given it up.</returns>
    public bool Take() => Interlocked.Exchange(ref _left, 1) == 0;

    /// <summary>Nobody waits any more: what was not taken yet is not going to be.</summary>
    public void GiveUp() => Interlocked.Exchange(ref _left, 1);

    /// <summary>Adds its items; when they can't be made it fails, and the others go on.</summary>
    public void AddTo(List<BatchItem> items)
    {
        try
        {
            items.AddRange(make());
        }
        catch (Exception failed)
        {
            Fail(failed);
        }
    }

    public void Succeed() => _folded.TrySetResult();

    public void Fail(Exception exception)
    {
        if (_folded.TrySetException(exception)) _ = _folded.Task.Exception; // whoever has given it up does not look
    }
}
