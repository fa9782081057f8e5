using Interactions.Contracts.Directory;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Directories;

/// <summary>
/// Settles intents that are still open 10 s after this activation heard of them: whoever began them is gone. What fails is tried again
/// later, and said once. While none is open nothing runs. All its calls are turns of one scheduler.
/// </summary>
/// <param name="isOpen">Whether the intent of that name is not finished.</param>
internal sealed partial class IntentWatch(
    Func<DirectoryIntent, Task> settle, Func<string, bool> isOpen, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    private static readonly TimeSpan LeaveFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly List<Watched> _watched = [];
    private Task _running = Task.CompletedTask;

    private TaskCompletionSource? _leftTried;

    public int Count => _watched.Count;

    /// <summary>Completes when whatever was left behind was tried once.</summary>
    public Task LeftTried => _leftTried?.Task ?? Task.CompletedTask;

    /// <param name="isLeft">Whoever began it is gone for sure.</param>
    public void Add(DirectoryIntent intent, bool isLeft = false)
    {
        _watched.Add(new Watched(intent, time.GetTimestamp(), isLeft ? TimeSpan.Zero : LeaveFor));
        if (isLeft && LeftTried.IsCompleted) _leftTried = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.IsCompleted) _running = RunAsync();
    }

    public async Task EndedAsync() => await _running;

    private async Task RunAsync()
    {
        await Task.Yield();
        while (true)
        {
            _watched.RemoveAll(one => !isOpen(one.Intent.Name));
            if (_watched.TrueForAll(static one => one.After > TimeSpan.Zero) || stopping.IsCancellationRequested) _leftTried?.TrySetResult();
            if (_watched.Count == 0 || stopping.IsCancellationRequested) return;
            var next = _watched.MinBy(Left)!;
            if (Left(next) is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                continue;
            }

            await SettleAsync(next);
        }
    }

    private async Task SettleAsync(Watched one)
    {
        try
        {
            await settle(one.Intent);
            if (!isOpen(one.Intent.Name)) LogSettled(logger, one.Intent.Row.Id);
        }
        catch (Exception failed)
        {
            if (!one.IsSaid && !stopping.IsCancellationRequested)
                LogFailed(logger, one.Intent.Row.Id, failed is LogUnavailableException or LogFullException or LogDamagedException or TimeoutException ? failed.Message : failed.ToString());
            one.IsSaid = true;
        }

        (one.Since, one.After) = (time.GetTimestamp(), one.After < LeaveFor ? LeaveFor : one.After * 2 > LongestPause ? LongestPause : one.After * 2);
    }

    private TimeSpan Left(Watched one) => one.After - time.GetElapsedTime(one.Since);

    private sealed class Watched(DirectoryIntent intent, long since, TimeSpan after)
    {
        public DirectoryIntent Intent => intent;

        public long Since { get; set; } = since;

        public TimeSpan After { get; set; } = after;

        public bool IsSaid { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A change of {Stream} that was begun and left is finished")]
    private static partial void LogSettled(ILogger logger, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of {Stream} that was begun and left can't be finished now, and is tried again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string stream, string reason);
}
