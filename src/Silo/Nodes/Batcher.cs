using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;

namespace Interactions.Silo.Nodes;

/// <summary>
/// Gathers what a node takes for one stream into entries. A quiet stream's first item is appended at once (the
/// leading edge); a busy one's every 10 ms, stretched to 50 ms when the whole stream nears 1,000 entries a second.
/// One append is in flight at a time. Senders are answered by the fold (<see cref="Folded"/>).
/// </summary>
internal sealed class Batcher : IDue
{
    private const int ShortestMs = 10;
    private const int LongestMs = 50;
    private const int MostItems = 4096;
    private const int MostWaiting = 65_536;

    /// <summary>Of one entry, and what one sender's last items add to it: readers of the log hold entries whole.</summary>
    private const int MostTextBytes = 128 * 1024;

    /// <summary>Of everything that waits while the log does not answer.</summary>
    private const long MostWaitingBytes = 64 << 20;

    private readonly Lock _lock = new();
    private Dictionary<long, OpenBatch>? _unanswered;
    private readonly string _stream;
    private readonly LogProducer _producer;
    private readonly DeadlineQueue _deadlines;
    private readonly TimeProvider _time;
    private readonly SiloMetrics? _metrics;
    private readonly Action<Exception> _lost;
    private readonly CancellationToken _stopping;
    private Queue<OpenBatch>? _full;
    private OpenBatch? _open;
    private bool _busy;
    private long _lastFlushMs = long.MinValue / 2;
    private long _rateWindowMs;
    private int _rateEntries;
    private int _intervalMs = ShortestMs;
    private int _waiting;
    private long _waitingBytes;

    /// <param name="lost">Called when the chain can't go on; the stream has to be closed.</param>
    public Batcher(
        string stream, LogProducer producer, DeadlineQueue deadlines, TimeProvider time, SiloMetrics? metrics, Action<Exception> lost, CancellationToken stopping)
    {
        (_stream, _producer, _deadlines, _time, _metrics, _lost, _stopping) = (stream, producer, deadlines, time, metrics, lost, stopping);
    }

    public bool IsIdle
    {
        get
        {
            lock (_lock) return _open is null && !_busy && (_unanswered is null || _unanswered.Count == 0);
        }
    }

    /// <summary>Adds items that no one waits for.</summary>
    public void Add(BatchItem item)
    {
        lock (_lock)
        {
            Open().Add(item, null, 0);
            Flush();
        }
    }

    /// <summary>Adds a sender's items, in one piece; <paramref name="add"/> runs under the batcher's lock.</summary>
    /// <returns>False when too much is waiting already; nothing was added.</returns>
    public bool Add(int count, Action<OpenBatch> add)
    {
        lock (_lock)
        {
            if (_waiting + count > MostWaiting || _waitingBytes > MostWaitingBytes) return false;
            _waiting += count;
            var batch = Open();
            var before = batch.TextBytes;
            add(batch);
            _waitingBytes += batch.TextBytes - before;
            Flush();
            return true;
        }
    }

    /// <summary>The fold applied an entry (of any producer).</summary>
    /// <returns>The trace of the batch, when it was this node's own and is traced.</returns>
    public BatchTrace? Folded(string producer, long sequence, ItemResult[] results)
    {
        OpenBatch? answered;
        lock (_lock)
        {
            Pace();
            if (producer != _producer.Id || _unanswered is null || !_unanswered.Remove(sequence, out answered)) return null;
            Forget(answered);
        }

        answered.Answer(results);
        return answered.Trace;
    }

    /// <summary>Whether someone waits to hear what became of an entry.</summary>
    public bool IsAwaited(string producer, long sequence)
    {
        lock (_lock) return producer == _producer.Id && _unanswered?.ContainsKey(sequence) == true;
    }

    /// <summary>Whether an entry is of this batcher's making.</summary>
    public bool IsOwn(string producer) => producer == _producer.Id;

    /// <summary>Tells senders that waited too long that the outcome is unknown. The append itself goes on.</summary>
    public void GiveUpOlderThan(long bornMs)
    {
        // Asked of every stream all the time, and most are at rest; what is seen late is seen the next time.
        if (_unanswered is null && _open is null) return;
        List<OpenBatch>? late = null;
        lock (_lock)
        {
            if (_unanswered is { Count: 0 }) _unanswered = null;
            foreach (var batch in _unanswered?.Values ?? Enumerable.Empty<OpenBatch>())
            {
                if (batch.BornMs < bornMs) (late ??= []).Add(batch);
            }

            foreach (var batch in _full ?? Enumerable.Empty<OpenBatch>())
            {
                if (batch.BornMs < bornMs) (late ??= []).Add(batch);
            }

            if (_open is { } open && _busy && open.BornMs < bornMs) (late ??= []).Add(open);
        }

        if (late is null) return;
        var unavailable = new LogUnavailableException("The log did not answer in time.");
        var told = 0;
        foreach (var batch in late)
        {
            if (batch.Fail(unavailable)) told++;
        }

        if (told > 0) _metrics?.AnsweredLate(told);
    }

    public void FailAll(Exception exception)
    {
        List<OpenBatch> failed;
        lock (_lock)
        {
            failed = _unanswered is null ? [] : [.. _unanswered.Values];
            if (_open is not null) failed.Add(_open);
            if (_full is not null) failed.AddRange(_full);
            _unanswered = null;
            _full = null;
            _open = null;
            (_waiting, _waitingBytes) = (0, 0);
        }

        foreach (var batch in failed) batch.Fail(exception);
    }

    public void Due()
    {
        lock (_lock)
        {
            _busy = false;
            Flush();
        }
    }

    private OpenBatch Open()
    {
        if (_open is { } full && (full.Count >= MostItems || full.TextBytes >= MostTextBytes))
        {
            (_full ??= new()).Enqueue(full);
            _open = null;
        }

        return _open ??= new OpenBatch(_time.GetUtcNow().ToUnixTimeMilliseconds(), _deadlines.NowMs);
    }

    // Under the lock.
    private void Forget(OpenBatch batch)
    {
        _waiting -= batch.Waiting;
        _waitingBytes -= batch.TextBytes;
    }

    // Under the lock. _busy means that an append is in flight or the next flush is scheduled.
    private void Flush()
    {
        if (_busy || (_open is null && _full is null) || _stopping.IsCancellationRequested) return;
        var now = _deadlines.NowMs;
        var due = _lastFlushMs + _intervalMs;
        _busy = true;
        if (now < due && _full is null)
        {
            _deadlines.Schedule(this, due);
            return;
        }

        OpenBatch? batch = null;
        if (_full is not null)
        {
            batch = _full.Dequeue();
            if (_full.Count == 0) _full = null;
        }
        else
        {
            (batch, _open) = (_open!, null);
        }

        _lastFlushMs = now;
        (_unanswered ??= []).Add(_producer.Next, batch);
        _ = AppendAsync(_producer.Next, batch);
    }

    private async Task AppendAsync(long sequence, OpenBatch batch)
    {
        try
        {
            var bytes = BatchCodec.Encode(batch.Close());
            _metrics?.BatchClosed(batch.Count, bytes.Length);
            using var span = batch.Trace?.BeginAppend(_stream, batch.Count);
            await _producer.AppendAsync(bytes, _stopping);
        }
        catch (Exception full) when (full is LogFullException or LogDamagedException)
        {
            lock (_lock)
            {
                _unanswered?.Remove(sequence);
                Forget(batch);
            }

            batch.Fail(full);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            batch.Fail(new LogUnavailableException("The node is stopping."));
            return;
        }
        catch (Exception broken)
        {
            FailAll(broken);
            _lost(broken);
            return;
        }

        Due();
    }

    // Under the lock: the interval follows the rate of the whole stream's entries, seen in the fold.
    private void Pace()
    {
        _rateEntries++;
        var now = _deadlines.NowMs;
        if (now - _rateWindowMs < 250) return;
        var perSecond = _rateEntries * 1000L / Math.Max(1, now - _rateWindowMs);
        _intervalMs = (int)Math.Clamp(_intervalMs * perSecond / 1000, ShortestMs, LongestMs);
        (_rateWindowMs, _rateEntries) = (now, 0);
    }
}
