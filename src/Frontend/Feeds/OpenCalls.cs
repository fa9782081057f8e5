namespace Interactions.Frontend.Feeds;

/// <summary>
/// Calls of streams that are under way. When a silo is gone, those that it had are not answered any more, and which these are is not
/// known for sure: all are given up at once and made again. Safe for concurrent callers.
/// </summary>
internal sealed class OpenCalls
{
    private TaskCompletionSource _givenUp = New();

    /// <summary>The call's answer.</summary>
    /// <param name="call">May be made again, also while this one is still under way.</param>
    /// <exception cref="TimeoutException">It was given up.</exception>
    public async Task<T> AnswerAsync<T>(Func<Task<T>> call)
    {
        var givenUp = Volatile.Read(ref _givenUp).Task;
        var answer = call();
        if (await Task.WhenAny(answer, givenUp) == answer) return await answer;
        _ = answer.ContinueWith(static late => late.Exception, TaskScheduler.Default); // whatever comes of it
        throw new TimeoutException("A silo is gone, and may have had the stream.");
    }

    public void GiveUp() => Interlocked.Exchange(ref _givenUp, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
