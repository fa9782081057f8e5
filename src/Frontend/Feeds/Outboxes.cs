using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Contracts.Timing;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// What this frontend sends to streams, in batches. A batch whose answer does not come is sent again with the same sequence, so that
/// it counts once. Safe for concurrent callers.
/// </summary>
internal sealed partial class Outboxes : IDisposable
{
    /// <summary>Streams remember a frontend's last batch for much longer.</summary>
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DropAfter = TimeSpan.FromMinutes(1);

    /// <summary>Of everything that waits while streams don't answer.</summary>
    private const long MostWaitingBytes = 64 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Id, ulong Creation), Outbox> _outboxes = [];
    private readonly WaitingBytes _waitingBytes = new(MostWaitingBytes);
    private readonly CancellationTokenSource _stopping = new();
    private readonly IGrains _grains;
    private readonly FrontendId _frontend;
    private readonly FeedOptions _options;
    private readonly DeadlineQueue _deadlines;
    private readonly TimeProvider _time;
    private readonly FeedMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    /// <summary>One for all streams: it only has to rise in each, also after a stream's outbox was dropped.</summary>
    private long _sequence;

    public Outboxes(IGrains grains, FrontendId frontend, FeedOptions options, DeadlineQueue deadlines, TimeProvider time, FeedMetrics metrics, ILogger<Outboxes> logger)
    {
        (_grains, _frontend, _options, _deadlines, _time, _metrics, _logger) = (grains, frontend, options, deadlines, time, metrics, logger);
        _timer = time.CreateTimer(static outboxes => ((Outboxes)outboxes!).DropUnused(), this, DropAfter, DropAfter);
    }

    /// <summary>A stream is not there, or is another creation: what is remembered of it is wrong. Called on any thread.</summary>
    public event Action<string>? StreamGone;

    /// <summary>What this frontend has sent to streams, or asked of them, and is not answered yet.</summary>
    public OpenCalls OpenCalls { get; } = new();

    /// <summary>Sends what somebody sent at once. Results are in the order of the items.</summary>
    /// <param name="info">Of the stream as the sender was checked against it; another creation of the id takes nothing.</param>
    /// <param name="mayBeBanned">Whether the grain has to see whose taps these are.</param>
    /// <exception cref="StreamGoneException">There is no such stream, or it is another creation. Nothing was taken.</exception>
    /// <exception cref="LogUnavailableException">The outcome of some is unknown.</exception>
    /// <exception cref="LogFullException">Too much is waiting, or the log has no room.</exception>
    /// <exception cref="LogDamagedException">What is stored of the stream is not what was written.</exception>
    /// <exception cref="InvalidOperationException">The stream can't be folded.</exception>
    public Task<ItemResult[]> SendAsync(StreamInfo info, IReadOnlyList<Submitted> items, bool mayBeBanned = false) => AddAsync(info, items, info.Tap && !mayBeBanned);

    /// <summary>Tells a stream of this frontend's viewers. Does not fail.</summary>
    /// <returns>False when it is not known whether the stream took it.</returns>
    public async Task<bool> TellAsync(StreamFeed feed, IReadOnlyList<BatchItem> items)
    {
        try
        {
            await AddAsync(feed.Info, items, sumsTaps: false);
            return true;
        }
        catch (Exception failed)
        {
            LogNotTold(_logger, failed, feed.Id);
            return false;
        }
    }

    /// <summary>Nothing is sent again any more.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private Task<ItemResult[]> AddAsync(StreamInfo info, IReadOnlyList<BatchItem> items, bool sumsTaps)
    {
        if (items.Count == 0) return Task.FromResult<ItemResult[]>([]);
        var submission = new Submission(items.Count);
        try
        {
            while (!Find(info).TryAdd(items, sumsTaps, submission))
            {
                // It was dropped just now.
            }
        }
        catch (LogFullException full)
        {
            return Task.FromException<ItemResult[]>(full);
        }

        return submission.Answered;
    }

    private Outbox Find(StreamInfo info)
    {
        lock (_lock)
        {
            if (_outboxes.TryGetValue((info.Id, info.Creation), out var outbox)) return outbox;
            outbox = new Outbox(info.Id, info.Creation, DeliverAsync, _waitingBytes, _options, _deadlines, _time, _metrics);
            return _outboxes[(info.Id, info.Creation)] = outbox;
        }
    }

    private void DropUnused()
    {
        var since = _deadlines.NowMs - (long)DropAfter.TotalMilliseconds;
        lock (_lock)
        {
            foreach (var (key, outbox) in _outboxes)
            {
                if (outbox.TryClose(since)) _outboxes.Remove(key);
            }
        }
    }

    private async Task DeliverAsync(Outbox outbox, OpenBatch batch)
    {
        try
        {
            var began = _time.GetTimestamp();
            var answer = await SendUntilAnsweredAsync(outbox, batch);
            _metrics.BatchAnswered(answer.Code.Info().Name, _time.GetElapsedTime(began));
            if (answer.Code == Code.Accepted) batch.Answer(answer.Results);
            else batch.Fail(Failure(outbox.Stream, answer.Code));
            if (answer.Code == Code.NotFound) StreamGone?.Invoke(outbox.Stream);
        }
        catch (Exception broken)
        {
            // An answer that does not fit its batch must not keep what comes after it.
            LogBroken(_logger, broken, outbox.Stream);
            batch.Fail(new InvalidOperationException("The batch was not answered as it should be.", broken));
        }
    }

    private async Task<SendAnswer> SendUntilAnsweredAsync(Outbox outbox, OpenBatch batch)
    {
        var request = new SendRequest(
            outbox.Creation, batch.Close(_frontend.Value, Interlocked.Increment(ref _sequence)), batch.CloseTrace(outbox.Stream));
        _metrics.BatchSent(batch.Count);
        var began = _time.GetTimestamp();
        BackOff pause = default;
        while (true)
        {
            var answer = await TryAsync(outbox.Stream, request);
            if (answer.Code != Code.Unavailable) return answer;
            var wait = pause.Next();
            if (_stopping.IsCancellationRequested || _time.GetElapsedTime(began) + wait > RetryFor) return answer;
            await Task.Delay(wait, _time);
            _metrics.BatchRetried();
        }
    }

    private async Task<SendAnswer> TryAsync(string stream, SendRequest request)
    {
        try
        {
            return await OpenCalls.AnswerAsync(() => _grains.Stream(stream).SendAsync(request));
        }
        catch (Exception failed)
        {
            // It could not be asked, or its answer got lost: whether it took the batch is what the next try finds out.
            LogFailed(_logger, failed, stream);
            return SendAnswer.Refused(Code.Unavailable);
        }
    }

    private static Exception Failure(string stream, Code code) => code switch
    {
        Code.NotFound => new StreamGoneException(stream),
        Code.Unavailable => new LogUnavailableException("The stream did not answer."),
        Code.Damaged => new LogDamagedException(code.Info().Meaning),
        Code.Internal => new InvalidOperationException("The stream can't be folded."),
        _ => new LogFullException(code.Info().Meaning), // nothing was taken
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "A batch for {Stream} was not answered")]
    private static partial void LogFailed(ILogger logger, Exception exception, string stream);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Stream} may not know of this frontend's viewers")]
    private static partial void LogNotTold(ILogger logger, Exception exception, string stream);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch for {Stream} was answered wrongly")]
    private static partial void LogBroken(ILogger logger, Exception exception, string stream);
}
