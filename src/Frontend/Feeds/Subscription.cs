using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Views;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// Keeps a feed subscribed: asks its stream's grain to push, and for what is missing, until it answers. One call is under way at a
/// time. Safe for concurrent callers.
/// </summary>
internal sealed partial class Subscription(StreamFeed feed, Task left, FeedContext context)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _running;
    private SubscribeReason? _again;
    private bool _asksForAll;
    private volatile bool _isLost = true;
    private volatile string _silo = "";

    /// <summary>The silo that had the stream when it answered last; empty = none did.</summary>
    public string Silo => _silo;

    /// <summary>Whether the stream pushes, as far as is known.</summary>
    public bool IsLost => _isLost;

    /// <summary>Completes when no call is under way. Never fails.</summary>
    public Task Settled
    {
        get
        {
            lock (_lock) return _running?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Begins to ask, if that is not under way.</summary>
    public void Ask(SubscribeReason reason)
    {
        if (IsLoss(reason)) _isLost = true;
        lock (_lock)
        {
            if (feed.IsEnded) return;
            if (_running is not null)
            {
                // Its answer may be from before what has just become known. Holes are looked at again when it is there.
                if (IsLoss(reason) || (reason == SubscribeReason.Overflow && _again is null)) _again = reason;
                return;
            }

            _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _ = RunAsync(reason);
    }

    private static bool IsLoss(SubscribeReason reason) => reason is SubscribeReason.First or SubscribeReason.Moved or SubscribeReason.Lost;

    private async Task RunAsync(SubscribeReason reason)
    {
        // What ends before this would be taken for the end of what begins now.
        await left;
        BackOff pause = default;
        TaskCompletionSource? settled = null;
        while (settled is null)
        {
            var isDone = feed.IsEnded || await TryAsync(reason);
            lock (_lock)
            {
                if (_again is { } next && !feed.IsEnded) (reason, _again) = (next, null);
                else if (isDone || feed.IsEnded) (settled, _running) = (_running, null);
            }

            if (isDone) pause = default;
            else await Task.Delay(pause.Next(), context.Time);
        }

        settled.SetResult();
        feed.Subscribed();
    }

    private async Task<bool> TryAsync(SubscribeReason reason)
    {
        try
        {
            context.Metrics.Subscribing(reason);
            var (answer, content) = reason is SubscribeReason.Lost or SubscribeReason.Moved
                ? await context.Pacer.RunAsync(feed.HasViewers, CallAsync)
                : await CallAsync();
            return Take(answer, content);
        }
        catch (Exception failed)
        {
            LogFailed(context.Logger, failed, feed.Id);
            return false;
        }
    }

    private Task<(SubscribeAnswer Answer, FeedContent? Content)> CallAsync() => context.Outboxes.OpenCalls.AnswerAsync(async () =>
    {
        var stream = context.Grains.Stream(feed.Id);
        var answer = await stream.SubscribeAsync(new(context.Frontend.Value, context.Observer.Value, _asksForAll ? Position.Start : feed.Position));
        return (answer, answer.Code == Code.Accepted ? await new PieceReader(stream, context.Frontend.Value, answer).ReadAsync() : null);
    });

    private bool Take(SubscribeAnswer answer, FeedContent? content)
    {
        switch (answer.Code)
        {
            case Code.Accepted:
                _asksForAll = !feed.Take(answer, content!);
                if (_asksForAll) return feed.IsEnded;
                if (_silo != answer.Silo) context.SiloKnown(_silo = answer.Silo);

                // It took this frontend for gone, or has lost the newest of what it was told.
                if (!answer.CountsViewers || content!.View is not null) feed.Reannounce();
                _isLost = false;
                return true;
            case Code.NotFound:
                feed.End(FeedEndReason.Deleted);
                return true;
            case Code.Damaged:
                feed.End(FeedEndReason.Damaged);
                return true;
            case Code.Internal:
                feed.End(FeedEndReason.Broken);
                return true;
            default:
                return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Stream} could not be subscribed to")]
    private static partial void LogFailed(ILogger logger, Exception exception, string stream);
}
