using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Contracts.Timing;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// Gathers what this frontend sends to one stream into batches, of which one is under way at a time. A quiet stream's first item goes
/// at once; then items gather while a batch is under way, and at least 5 ms from one batch to the next. Safe for concurrent callers.
/// </summary>
/// <param name="deliver">Sends a batch and has its senders answered; does not fail.</param>
internal sealed class Outbox(
    string stream, ulong creation, Func<Outbox, OpenBatch, Task> deliver, WaitingBytes allWaiting, FeedOptions options, DeadlineQueue deadlines, TimeProvider time, FeedMetrics metrics) : IDue
{
    private const int GatherMs = 5;
    private const int MostWaiting = 65_536;

    /// <summary>A quarter of what may wait for all streams: one that does not answer leaves room for the others.</summary>
    private const long MostWaitingBytes = 16 << 20;

    private readonly Lock _lock = new();
    private readonly long _answerWithinMs = (long)options.AnswerWithin.TotalMilliseconds;
    private Queue<OpenBatch>? _full;
    private OpenBatch? _open;
    private OpenBatch? _sent;
    private LateCheck? _late;
    private bool _isPlanned;
    private bool _isClosed;
    private int _waiting;
    private long _waitingBytes;
    private long _lastSentMs = long.MinValue / 2;

    public string Stream => stream;

    /// <summary>Which stream of that id.</summary>
    public ulong Creation => creation;

    /// <summary>Adds a sender's items. They may end up in more than one batch.</summary>
    /// <param name="sumsTaps">Whether taps without a key are added up.</param>
    /// <returns>False when the outbox is closed: get another.</returns>
    /// <exception cref="LogFullException">Too much is waiting; nothing was added.</exception>
    public bool TryAdd(IReadOnlyList<BatchItem> items, bool sumsTaps, Submission submission)
    {
        OpenBatch? batch;
        lock (_lock)
        {
            if (_isClosed) return false;
            if (_waiting + items.Count > MostWaiting || _waitingBytes >= MostWaitingBytes || !allWaiting.HasRoom) throw new LogFullException("Too much is waiting for the stream.");
            for (var i = 0; i < items.Count; i++) Add(items[i], sumsTaps, submission, i);
            _waiting += items.Count;
            batch = Next();
        }

        Send(batch);
        return true;
    }

    /// <summary>Closes it if nothing waits and nothing was sent lately.</summary>
    public bool TryClose(long unusedSinceMs)
    {
        lock (_lock) return _isClosed = _waiting == 0 && _sent is null && !_isPlanned && _lastSentMs <= unusedSinceMs;
    }

    /// <summary>The gathering ends.</summary>
    public void Due()
    {
        OpenBatch? batch;
        lock (_lock)
        {
            _isPlanned = false;
            batch = Next();
        }

        Send(batch);
    }

    private void Send(OpenBatch? batch)
    {
        if (batch is not null) _ = SendAsync(batch);
    }

    private async Task SendAsync(OpenBatch batch)
    {
        await deliver(this, batch);
        OpenBatch? next;
        lock (_lock)
        {
            _sent = null;
            Release(batch);
            next = Next();
        }

        Send(next);
    }

    // Under the lock.
    private void Add(BatchItem item, bool sumsTaps, Submission submission, int index)
    {
        var bytes = OpenBatch.SizeOf(item);
        if (_open is { } full && !full.HasRoomFor(bytes))
        {
            (_full ??= new()).Enqueue(full);
            _open = null;
        }

        var batch = _open ??= new OpenBatch(time.GetUtcNow().ToUnixTimeMilliseconds(), deadlines.NowMs);
        var before = batch.HeldBytes;
        if (sumsTaps && item is Submitted { Interaction: Reaction { Count: > 0 } reaction } submitted && submitted.Key == 0)
        {
            batch.AddTaps(reaction.Kind, reaction.Count, submission, index);
        }
        else
        {
            batch.Add(item, bytes, submission, index);
        }

        Hold(batch.HeldBytes - before);
    }

    // Under the lock: the batch that is to be sent now.
    private OpenBatch? Next()
    {
        if (_sent is not null || _isPlanned || (_open is null && _full is null)) return null;
        var (now, due) = (deadlines.NowMs, _lastSentMs + GatherMs);
        if (now < due && _full is null)
        {
            _isPlanned = true;
            deadlines.Schedule(this, due);
            return null;
        }

        if (_full is not null)
        {
            _sent = _full.Dequeue();
            if (_full.Count == 0) _full = null;
        }
        else
        {
            (_sent, _open) = (_open, null);
        }

        _lastSentMs = now;
        (_late ??= new(this, deadlines)).Plan(_sent!.BornMs + _answerWithinMs);
        return _sent;
    }

    private void Release(OpenBatch batch)
    {
        _waiting -= batch.Waiting;
        Hold(-batch.HeldBytes);
    }

    // Under the lock.
    private void Hold(long bytes)
    {
        _waitingBytes += bytes;
        allWaiting.Change(bytes);
    }

    // Whoever waited too long hears that the outcome is unknown. What was sent goes on being sent; what was not is dropped, for its
    // senders try again.
    private void TellLate()
    {
        List<OpenBatch> late = [];
        lock (_lock)
        {
            var bornMs = deadlines.NowMs - _answerWithinMs;
            if (_sent is { IsGivenUp: false } sent && sent.BornMs <= bornMs) late.Add(sent);
            while (_full is not null && _full.Peek().BornMs <= bornMs)
            {
                late.Add(_full.Dequeue());
                Release(late[^1]);
                if (_full.Count == 0) _full = null;
            }

            if (_full is null && _open is { } open && open.BornMs <= bornMs)
            {
                late.Add(open);
                Release(open);
                _open = null;
            }

            var next = _sent is { IsGivenUp: false } && !late.Contains(_sent) ? _sent : _full?.Peek() ?? _open;
            if (next is not null) _late!.Plan(next.BornMs + _answerWithinMs);
        }

        var exception = new LogUnavailableException("The stream did not answer in time.");
        var told = 0;
        foreach (var batch in late)
        {
            if (batch.Fail(exception)) told++;
        }

        if (told > 0) metrics.AnsweredLate(told);
    }

    /// <summary>One look is planned at a time, for the oldest batch of then.</summary>
    private sealed class LateCheck(Outbox outbox, DeadlineQueue deadlines) : IDue
    {
        private bool _isPlanned;

        // Under the outbox's lock.
        public void Plan(long dueMs)
        {
            if (_isPlanned) return;
            _isPlanned = true;
            deadlines.Schedule(this, dueMs);
        }

        public void Due()
        {
            lock (outbox._lock) _isPlanned = false;
            outbox.TellLate();
        }
    }
}
