using Interactions.Contracts;

namespace Interactions.Frontend.Feeds;

/// <summary>What one sender sent at once, waiting for its answers. Completes once, on the thread pool.</summary>
internal sealed class Submission(int count)
{
    private readonly TaskCompletionSource<ItemResult[]> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ItemResult[] _results = new ItemResult[count];
    private int _left = count;

    public Task<ItemResult[]> Answered => _answered.Task;

    public void Set(int index, ItemResult result)
    {
        _results[index] = result;
        if (Interlocked.Decrement(ref _left) == 0) _answered.TrySetResult(_results);
    }

    /// <returns>False when it had its answer already.</returns>
    public bool Fail(Exception exception) => _answered.TrySetException(exception);
}
