using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs;
using Interactions.Silo.Streams;
using Interactions.Silo.Telemetry;

namespace Interactions.Silo.Grains;

/// <summary>The writer loop: all that waits becomes one entry, one append at a time.</summary>
internal sealed partial class LiveStream
{
    /// <summary>Between two entries of a busy stream, in ms: 200 entries a second, fewer when a tick takes longer than half of this.</summary>
    private const long ShortestMs = 5;

    private const long LongestMs = 50;

    /// <summary>An entry is not made longer than this by another batch, in items.</summary>
    private const int MostItems = 4096;

    /// <summary>Of an entry, but one batch is in it in any case.</summary>
    private const int MostBytes = 256 << 10;

    /// <summary>What may wait here for the log; a frontend has one batch under way.</summary>
    private const int MostWaiting = 2048;

    private readonly Queue<PendingBatch> _waiting = new();
    private List<BatchItem>? _own;
    private TaskCompletionSource<ItemResult[]>? _ownAnswered;
    private List<PendingBatch>? _underWay;
    private TaskCompletionSource<ItemResult[]>? _ownUnderWay;
    private long _lastMs = long.MinValue / 2;
    private long _intervalMs = ShortestMs;
    private Task _writing = Task.CompletedTask;
    private bool _stopping;

    private bool IsWriting => !_writing.IsCompleted;

    /// <summary>Takes a frontend's batch, once.</summary>
    public Task<SendAnswer> SendAsync(SendRequest request)
    {
        var batch = request.Batch;
        _leases.Heard(batch.Frontend);
        if (_end != Code.Accepted || _stopping) return Refused(_end == Code.Accepted ? Code.Unavailable : _end);
        if (!_state.Exists || _state.Seed != request.Creation) return Refused(Code.NotFound);
        if (_state.Recall(batch.Frontend, batch.Sequence, LogTimeMs) is { } known) return Task.FromResult(AnswerOf(known));
        if (Find(batch) is { } waiting) return waiting.Answered;
        if (_waiting.Count >= MostWaiting) return Refused(Code.Unavailable);
        var pending = new PendingBatch(batch, request.Trace);
        _waiting.Enqueue(pending);
        Write();
        return pending.Answered;
    }

    /// <summary>Adds one of the grain's own items to the next entry.</summary>
    /// <returns>What became of it.</returns>
    /// <exception cref="LogUnavailableException">The outcome is unknown.</exception>
    /// <exception cref="LogFullException">It was not taken.</exception>
    /// <exception cref="LogDamagedException">What is stored is not what was written.</exception>
    public async Task<ItemResult> AddAsync(BatchItem item)
    {
        if (_end != Code.Accepted || _stopping) throw Failure(_end == Code.Accepted ? Code.Unavailable : _end);
        var place = _own?.Count ?? 0;
        var answered = AddOwn(item);
        return (await answered)[place];
    }

    /// <summary>Takes no more, and returns when what was taken is appended and answered.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        _appender.Stop();
        await _writing;
        End(Code.Unavailable, FeedEndReason.Moved);
    }

    /// <summary>Stops for good: the stream is deleted.</summary>
    public async Task<bool> EraseAsync()
    {
        _stopping = true;
        _appender.Stop();
        await _writing;
        try
        {
            if (_end is not Code.Unavailable && await _log.DeleteAsync(Id, _end == Code.Damaged ? null : _appender.Head))
            {
                End(Code.NotFound, FeedEndReason.Deleted);
                return true;
            }
        }
        catch (LogUnavailableException)
        {
            // Whether it is erased is found out by the next activation.
        }

        GiveUp();
        return false;
    }

    private static Task<SendAnswer> Refused(Code code) => Task.FromResult(SendAnswer.Refused(code));

    private static SendAnswer AnswerOf(BatchAnswer known) => known.Outcome switch
    {
        BatchOutcome.Outdated => SendAnswer.Refused(Code.Conflict),
        BatchOutcome.TooManyFrontends => SendAnswer.Refused(Code.Unavailable),
        _ => new SendAnswer(Code.Accepted, known.Results),
    };

    private static Exception Failure(Code code) => code switch
    {
        Code.Full => new LogFullException(code.Info().Meaning),
        Code.Damaged => new LogDamagedException(code.Info().Meaning),
        Code.Internal => new InvalidOperationException("The stream can't be folded."),
        _ => new LogUnavailableException("The stream is being closed."),
    };

    // A batch is sent again while its first call may still be under way.
    private PendingBatch? Find(Batch batch)
    {
        foreach (var pending in _underWay ?? [])
        {
            if (pending.Batch.Frontend == batch.Frontend && pending.Batch.Sequence == batch.Sequence) return pending;
        }

        foreach (var pending in _waiting)
        {
            if (pending.Batch.Frontend == batch.Frontend && pending.Batch.Sequence == batch.Sequence) return pending;
        }

        return null;
    }

    private Task<ItemResult[]> AddOwn(BatchItem item)
    {
        (_own ??= []).Add(item);
        _ownAnswered ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _ownAnswered.Task.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default); // nobody may wait
        var answered = _ownAnswered.Task;
        Write();
        return answered;
    }

    private void Write()
    {
        if (!IsWriting && _end == Code.Accepted) _writing = WriteAsync();
    }

    private async Task WriteAsync()
    {
        await Task.Yield(); // so that IsWriting holds for whoever adds meanwhile
        while (_end == Code.Accepted && (_waiting.Count > 0 || _own is not null))
        {
            var waitMs = _lastMs + _intervalMs - NowMs;
            if (waitMs > 0 && !_stopping) await Task.Delay(TimeSpan.FromMilliseconds(waitMs), _time);
            _lastMs = NowMs;
            try
            {
                await TickAsync();
            }
            catch (Exception broken)
            {
                Break(broken);
            }

            // Half of the time at the most is spent on ticks.
            _intervalMs = Math.Clamp(2 * (NowMs - _lastMs), ShortestMs, LongestMs);
        }
    }

    private async Task TickAsync()
    {
        var (own, ownAnswered) = (_own, _ownAnswered);
        (_own, _ownAnswered) = (null, null);
        var atMs = LogTime.Next(ClockMs, _state.AtMs, _clock.DueMs(ClockMs));
        List<Batch> batches = [];
        var rules = Math.Max(_state.Rules, _rules());
        var sieve = _state.Sieve(atMs, rules);
        if (own is not null) batches.Add(sieve.Sift(new Batch("", 0, 0, own)).Stored);
        List<PendingBatch> taken = [];
        var (items, bytes) = (own?.Count ?? 0, 0);
        while (_waiting.TryPeek(out var next) && (items == 0 || (items + next.Batch.Items.Count <= MostItems && bytes + next.Batch.SizeBytes <= MostBytes)))
        {
            _waiting.Dequeue();
            if (_state.Recall(next.Batch.Frontend, next.Batch.Sequence, atMs) is { } known)
            {
                Answer(next, AnswerOf(known));
                continue;
            }

            var (sifted, answer) = sieve.Sift(_limits?.Limit(next.Batch, NowMs) ?? next.Batch);
            if (answer is not null)
            {
                next.Answer(answer.Results);
                continue;
            }

            batches.Add(sifted);
            taken.Add(next);
            items += next.Batch.Items.Count;
            bytes += next.Batch.SizeBytes;
        }

        if (batches.Count == 0) return;
        (_underWay, _ownUnderWay) = (taken, ownAnswered);
        try
        {
            var trace = EntryTrace.Of(Id, taken.Select(pending => pending.Trace));
            var body = new EntryBody(rules, batches);
            var encoded = EntryCodec.Encode(body);
            _metrics.EntryMade(batches.Count, items, encoded.Length);
            Entry? stored;
            using (trace?.BeginAppend(items)) stored = await _appender.AppendAsync(atMs, encoded);
            if (stored is null)
            {
                GiveUp();
                return;
            }

            var applied = Fold(stored, body, trace);
            var from = own is null ? 0 : 1;
            for (var i = 0; i < taken.Count; i++) Answer(taken[i], AnswerOf(applied.Answers[from + i]));
            ownAnswered?.TrySetResult(applied.Answers[0].Results);
            SaveIfDue();
        }
        catch (LogFullException full)
        {
            foreach (var pending in taken) pending.Refuse(Code.Full);
            ownAnswered?.TrySetException(full);

            // Who is gone is told again, when there may be room.
            foreach (var gone in (own ?? []).OfType<FrontendGone>()) Watch(gone.Frontend);
        }

        (_underWay, _ownUnderWay) = (null, null);
    }

    private static void Answer(PendingBatch pending, SendAnswer answer)
    {
        if (answer.Code == Code.Accepted) pending.Answer(answer.Results);
        else pending.Refuse(answer.Code);
    }

    private Applied Fold(Entry entry, EntryBody body, EntryTrace? trace)
    {
        var startedAt = _time.GetUtcNow();
        var applied = _state.Apply(entry, body);
        _clock.Hear(entry.AtMs, ClockMs);
        Volatile.Write(ref _lastAtMs, entry.AtMs);
        Volatile.Write(ref _movedMs, NowMs);
        _ring.Add(applied.Shown);
        _view?.Apply(applied.Shown);
        trace?.Folded(startedAt);
        Count(entry);
        _metrics.Folded(TimeSpan.FromMilliseconds(Math.Max(0, LogTimeMs - entry.AtMs)));
        foreach (var batch in body.Batches)
        {
            if (batch.Frontend.Length > 0 && _state.Frontends.Contains(batch.Frontend)) Watch(batch.Frontend);
        }

        if (_subscribers.Count > 0)
        {
            _metrics.SubscribersDropped(_subscribers.Push(new FeedPush(Id, applied.Shown, Shown, trace?.Text), _leases));
            if (_subscribers.Count == 0) _left();
        }

        if (_watched.Count > 0) _leases.Moved(Id, entry.Position); // also to those who were not heard of: they find that they lag

        return applied;
    }

    private void GiveUp()
    {
        if (_end != Code.Accepted) return;
        End(Code.Unavailable, FeedEndReason.Moved);
        _lost();
    }

    // What can't be folded is never told to viewers as a stream that is not there.
    private void Break(Exception broken)
    {
        var code = CodeOf(broken);
        if (code is not Code.Damaged) LogBroken(_logger, broken, Id);
        End(code is Code.Damaged ? code : Code.Internal, code is Code.Damaged ? FeedEndReason.Damaged : FeedEndReason.Broken);
        _lost();
    }

    private void RefuseAll(Code code)
    {
        while (_waiting.TryDequeue(out var waiting)) waiting.Refuse(code);
        foreach (var pending in _underWay ?? []) pending.Refuse(code);
        _ownAnswered?.TrySetException(Failure(code));
        _ownUnderWay?.TrySetException(Failure(code));
        (_own, _ownAnswered, _underWay, _ownUnderWay) = (null, null, null, null);
    }
}
