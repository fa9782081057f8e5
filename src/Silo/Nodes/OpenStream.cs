using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;
using Interactions.Silo.Logs;
using Interactions.Silo.Streams;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// A stream that this node has open: its fold, kept at the head by tailing the log, the feed of its viewers, and the
/// batcher that appends what this node takes. Safe for concurrent callers: one gate guards fold and attendance.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer holds nothing, and late callers may still ask its token.")]
public sealed partial class OpenStream
{
    private const int ReadPage = 1000;
    private const int SnapshotAfterEntries = 2000;
    private const long FoldFromBeginning = 100_000;
    private const int MostOpeningWaits = 4;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly IStreamLog _log;
    private readonly NodeOptions _options;
    private readonly NodeLeases? _leases;
    private readonly DeadlineQueue _deadlines;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SiloMetrics? _metrics;
    private readonly CancellationTokenSource _closing = new();
    private readonly Batcher _batcher;
    private readonly Attendance _attendance;
    private readonly LogClock _clock;
    private readonly ClockWatch? _watch;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StreamState _state;
    private IStreamObserver? _observer;
    private Task _running = Task.CompletedTask;
    private Exception? _failure;
    private long _usedMs;
    private int _entriesSinceSnapshot;
    private long _snapshotAtMs;
    private bool _rosterWasOpen;
    private int _pagesRead;
    private ActivityContext _folded;
    private volatile bool _foldTraced;

    /// <summary>1: there may be something for the next <see cref="Tick"/>. Set after what there is.</summary>
    private int _awake = 1;

    internal OpenStream(
        string id, IStreamLog log, NodeOptions options, NodeLeases? leases, DeadlineQueue deadlines, TimeProvider time, ILogger logger, SiloMetrics? metrics, ClockWatch? watch = null)
    {
        (_leases, _watch, _clock) = (leases, watch, new LogClock(time));
        (Id, _log, _options, _deadlines, _time, _logger, _metrics) = (id, log, options, deadlines, time, logger, metrics);
        _state = new StreamState(id, options.Region);
        Feed = new Feed(_state.ToView(), new EffectRing(options.Resume, options.RingBytes), () => _clock.Shown(ClockMs));
        _attendance = new Attendance(options.Node, options.RosterGrace);
        _batcher = new Batcher(id, new LogProducer(log, id, time, metrics, () => _clock.DueMs(ClockMs)), deadlines, time, metrics, OnLost, _closing.Token);
        _usedMs = deadlines.NowMs;
    }

    public string Id { get; }

    /// <summary>What viewers are served from; at the fold's position before a sender is answered.</summary>
    public Feed Feed { get; }

    /// <summary>Log time now, ms since 1970 UTC, as far as it can be told between entries.</summary>
    public long LogTimeMs => _clock.NowMs(ClockMs);

    // What log time follows.
    private long ClockMs => _log.StoreClockMs(Id) ?? _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>True once the stream was deleted or given up here; get it anew from the node.</summary>
    public bool IsClosed => _closing.IsCancellationRequested;

    /// <summary>Reads the fold. Keep it short: the fold waits.</summary>
    public T Read<T>(Func<StreamState, T> read)
    {
        lock (_gate)
        {
            _state.Shown = _clock.Shown(ClockMs);
            return read(_state);
        }
    }

    /// <summary>What the directory is to show of the stream; null while the stream was not read or its log is empty.</summary>
    internal (string Title, StreamStatus Status)? Listing
    {
        get
        {
            if (!_opened.Task.IsCompletedSuccessfully) return null;
            lock (_gate) return _state.Exists ? (_state.Settings.Title, _state.Status) : null;
        }
    }

    /// <summary>Whether the directory showed something else when they were compared last. For the node's tick alone.</summary>
    internal bool IsListedWrongly { get; set; }

    /// <summary>Where the trace stands of the newest fold that is traced; a second call answers none. For the frame that shows it.</summary>
    public ActivityContext TakeTrace()
    {
        if (!_foldTraced) return default;
        lock (_gate)
        {
            _foldTraced = false;
            return _folded;
        }
    }

    /// <summary>By how much the stream's log time is ahead of this node's clock; never below zero.</summary>
    internal TimeSpan LogTimeAhead(long nowMs)
    {
        lock (_gate) return TimeSpan.FromMilliseconds(Math.Max(0, _state.AtMs - nowMs));
    }

    /// <summary>The one who is told when the fold moves; null to stop.</summary>
    public void Observe(IStreamObserver? observer)
    {
        lock (_gate) _observer = observer;
    }

    /// <summary>A viewer connected; <paramref name="user"/> is null for anonymous ones.</summary>
    public void Join(string? user, string? name)
    {
        lock (_gate)
        {
            _attendance.Join(user, name);
            Settle();
            Volatile.Write(ref _awake, 1);
        }
    }

    /// <summary>A viewer who joined without a name is this user.</summary>
    public void SignIn(string user, string? name)
    {
        lock (_gate)
        {
            _attendance.SignIn(user, name);
            Settle();
            Volatile.Write(ref _awake, 1);
        }
    }

    public void Leave(string? user)
    {
        lock (_gate)
        {
            _attendance.Leave(user, _deadlines.NowMs);
            Settle();
            Volatile.Write(ref _awake, 1);
        }
    }

    /// <summary>
    /// Takes interactions: what the fold refuses is answered at once, the rest when the log has it and the fold has judged it.
    /// Results are in the order of the items.
    /// </summary>
    /// <exception cref="LogUnavailableException">The outcome of some is unknown.</exception>
    /// <exception cref="LogDamagedException">What is stored of the stream is not what was written.</exception>
    /// <exception cref="LogFullException">The log has no room; none of those that were not rejected was taken.</exception>
    public Task<ItemResult[]> SubmitAsync(IReadOnlyList<Submitted> items)
    {
        var submission = new Submission(items.Count);
        var answers = new ItemResult?[items.Count];
        bool taps;
        lock (_gate)
        {
            _usedMs = _deadlines.NowMs;
            var nowMs = LogTimeMs;
            taps = _state.Settings.Tap;
            for (var i = 0; i < items.Count; i++) answers[i] = _state.Check(items[i], nowMs);
        }

        var open = 0;
        foreach (var answer in answers)
        {
            if (answer is null) open++;
        }

        if (open > 0 && !_batcher.Add(open, batch => Fill(batch, items, answers, taps, submission)))
        {
            return Task.FromException<ItemResult[]>(new LogFullException("Too much is waiting for the log."));
        }

        Volatile.Write(ref _awake, 1);
        if (IsClosed) return Task.FromException<ItemResult[]>(WhyClosed());
        for (var i = 0; i < items.Count; i++)
        {
            if (answers[i] is { } answer) submission.Set(i, answer);
        }

        return submission.Answered;
    }

    private static void Fill(OpenBatch batch, IReadOnlyList<Submitted> items, ItemResult?[] answers, bool taps, Submission submission)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (answers[i] is not null) continue;
            if (taps && items[i] is { Key: var key, Interaction: Reaction { Count: > 0 } reaction } && key == 0)
            {
                batch.AddTaps(reaction.Kind, reaction.Count, submission, i);
            }
            else
            {
                batch.Add(items[i], submission, i);
            }
        }
    }

    /// <summary>Appends one of the service's own items and returns when the fold has it.</summary>
    /// <exception cref="LogUnavailableException">The outcome is unknown.</exception>
    /// <exception cref="LogDamagedException">What is stored of the stream is not what was written.</exception>
    /// <exception cref="LogFullException">The log has no room; it was not taken.</exception>
    public async Task<ItemResult> SubmitAsync(BatchItem item)
    {
        var submission = new Submission(1);
        lock (_gate) _usedMs = _deadlines.NowMs;
        if (!_batcher.Add(1, batch => batch.Add(item, submission, 0))) throw new LogFullException("Too much is waiting for the log.");
        Volatile.Write(ref _awake, 1);
        if (IsClosed) throw WhyClosed();
        try
        {
            // Not left to the ticks: what waits for this may outlive them.
            return (await submission.Answered.WaitAsync(_options.AnswerWithin, _time))[0];
        }
        catch (TimeoutException late)
        {
            throw new LogUnavailableException("The log did not answer in time.", late);
        }
    }

    /// <summary>Marks a use, so that the stream stays open.</summary>
    internal void Touch()
    {
        lock (_gate) _usedMs = _deadlines.NowMs;
    }

    internal void Start() => _running = RunAsync();

    /// <summary>Returns when the fold has reached the log's head for the first time.</summary>
    /// <exception cref="LogUnavailableException">The log did not answer in time, or the stream is so long that it is still being read.</exception>
    internal async Task OpenedAsync(CancellationToken cancellationToken)
    {
        for (var waits = 0; ; waits++)
        {
            var read = Volatile.Read(ref _pagesRead);
            try
            {
                await _opened.Task.WaitAsync(_options.AnswerWithin, _time, cancellationToken);
                return;
            }
            catch (TimeoutException late) when (waits == MostOpeningWaits || Volatile.Read(ref _pagesRead) == read)
            {
                throw new LogUnavailableException("The stream could not be read in time.", late);
            }
            catch (TimeoutException)
            {
                // It is being read: what is long may take longer than a log that is away.
            }
        }
    }

    /// <summary>A few times a second: attendance, and answers that are late.</summary>
    /// <returns>True when nobody has used the stream for long enough to close it.</returns>
    /// <param name="thorough">Now and then: look also at a stream at rest. There are thousands of them, so else that costs one glance.</param>
    internal bool Tick(long now, bool thorough)
    {
        if (Volatile.Read(ref _awake) == 0 && !thorough) return false;
        Interlocked.Exchange(ref _awake, 0);
        _batcher.GiveUpOlderThan(now - (long)_options.AnswerWithin.TotalMilliseconds);
        if (!_opened.Task.IsCompletedSuccessfully)
        {
            Volatile.Write(ref _awake, 1);
            return false;
        }


        if (_attendance.IsUnsettled)
        {
            lock (_gate) Settle();
        }

        if (_attendance.IsUnsettled || !_batcher.IsIdle) Volatile.Write(ref _awake, 1);

        if (_attendance.Count > 0) Volatile.Write(ref _usedMs, now);
        return now - Volatile.Read(ref _usedMs) > _options.IdleClose.TotalMilliseconds && _batcher.IsIdle;
    }

    internal async Task CloseAsync(bool saveSnapshot)
    {
        if (saveSnapshot && _log.IsShared) await SayNoViewersAsync();
        if (saveSnapshot && _opened.Task.IsCompletedSuccessfully && _entriesSinceSnapshot > 100) await SaveSnapshotAsync();
        await _closing.CancelAsync();
        _batcher.FailAll(new LogUnavailableException("The stream was closed."));
        await _running;
        IStreamObserver? observer;
        lock (_gate) (observer, _observer) = (_observer, null);
        observer?.Closed(StreamEnd.Gone);
    }

    private async Task RunAsync()
    {
        var isLoaded = false;
        var end = StreamEnd.Gone;
        Exception reason = new LogUnavailableException("The stream was deleted.");
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                if (!isLoaded) await LoadAsync();
                isLoaded = true;
                if (_opened.TrySetResult()) GreetLog();
                await foreach (var entry in _log.TailAsync(Id, _state.Position, _closing.Token)) Fold(entry);
                break; // deleted
            }
            catch (PositionLostException lost)
            {
                _metrics?.FoldRestarted(lost.Status);
                LogRestarted(_logger, Id, lost.Status);
                if (!isLoaded) await Task.Delay(RetryAfter, _time, CancellationToken.None);
                isLoaded = false;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                break;
            }
            catch (Exception away) when (away is LogUnavailableException or LogFullException)
            {
                await Task.Delay(RetryAfter, _time, CancellationToken.None);
            }
            catch (LogDamagedException damaged)
            {
                _opened.TrySetException(damaged); // the log has said it
                (end, reason) = (StreamEnd.Damaged, damaged);
                break;
            }
            catch (Exception broken)
            {
                LogBroken(_logger, broken, Id);
                _opened.TrySetException(broken);
                (end, reason) = (StreamEnd.Broken, broken);
                break;
            }
        }

        _opened.TrySetException(new LogUnavailableException("The stream was closed."));
        if (_closing.IsCancellationRequested) return;
        OnLost(reason, end);
    }

    // The fold that is there stays what viewers see until the new one has reached the head.
    private async Task LoadAsync()
    {
        var stored = await ChooseSnapshotAsync();
        var state = stored is null ? new StreamState(Id, _options.Region) : StreamState.Load(stored.State);
        var ring = new EffectRing(_options.Resume, _options.RingBytes);
        ring.Clear(state.Position);
        var entries = 0;
        List<Applied> awaited = [];
        while (true)
        {
            var page = await _log.ReadAsync(Id, state.Position, ReadPage, _closing.Token);
            if (page.Status != ReadStatus.Ok) throw new PositionLostException(Id, state.Position, page.Status);
            Interlocked.Increment(ref _pagesRead);
            if (page.Entries.Count == 0) break;
            foreach (var entry in page.Entries)
            {
                var batch = BatchCodec.Decode(entry.Batch);
                var applied = state.Apply(entry, batch);
                ring.Add(applied.Shown);
                RenewIfGone(batch);
                entries++;
                if (_batcher.IsAwaited(entry.Producer, entry.Sequence)) awaited.Add(applied);
            }
        }

        var view = state.ToView();
        IStreamObserver? observer;
        lock (_gate)
        {
            (_state, observer) = (state, _observer);
            _clock.Start(state.AtMs, ClockMs);
            Feed.Restart(view, ring);
            _snapshotAtMs = stored?.AtMs ?? 0;
            _entriesSinceSnapshot = entries;
            _rosterWasOpen = state.RosterOpen;
            if (_opened.Task.IsCompleted) _attendance.SayAgain(state);
            Volatile.Write(ref _awake, 1);
        }

        _watch?.Compare(Id, state.AtMs, ClockMs);
        foreach (var applied in awaited) _batcher.Folded(applied.Producer, applied.Sequence, applied.Results);
        observer?.Moved();
    }

    // Viewers who were here before catch up only over what is folded again, so the fold starts some time back. A young
    // stream has no snapshot from then: it is folded from its beginning, while that is there and not far.
    private async Task<LogSnapshot?> ChooseSnapshotAsync()
    {
        var from = LogTimeMs - (long)_options.Resume.TotalMilliseconds;
        var stored = await _log.GetSnapshotAsync(Id, from, _closing.Token);
        if (stored is null || stored.AtMs <= from || !LogTime.IsFollowed(LogTimeMs, stored.AtMs) || stored.Position.Offset > FoldFromBeginning) return stored;
        return (await _log.ReadAsync(Id, Position.Start, 0, _closing.Token)).Status == ReadStatus.Ok ? null : stored;
    }

    // Where this process is the store's only one, the nodes that a stream remembers are all gone.
    private void GreetLog() => Bury(_log.IsShared ? node => _leases?.IsGone(node) == true : node => node != _options.Node.Id);

    /// <summary>Appends that nodes are gone that the stream still remembers. Idempotent, whoever does it.</summary>
    internal void Bury(Func<string, bool> isGone)
    {
        lock (_gate)
        {
            if (!_opened.Task.IsCompletedSuccessfully || IsClosed) return;
            foreach (var node in _state.Nodes)
            {
                if (isGone(node)) _batcher.Add(new NodeGone(node));
            }
        }
    }

    private void Fold(Entry entry)
    {
        var startedAt = _time.GetUtcNow();
        var batch = BatchCodec.Decode(entry.Batch);
        Applied applied;
        IStreamObserver? observer;
        var snapshotDue = false;
        lock (_gate)
        {
            applied = _state.Apply(entry, batch);
            _clock.Hear(entry.AtMs, ClockMs);
            RenewIfGone(batch);
            observer = _observer;
            if (_state.RosterOpen != _rosterWasOpen)
            {
                _rosterWasOpen = _state.RosterOpen;
                _attendance.RosterTurned();
                Volatile.Write(ref _awake, 1);
            }

            _entriesSinceSnapshot++;
            if (_entriesSinceSnapshot >= SnapshotAfterEntries
                && entry.AtMs - _snapshotAtMs >= _options.Resume.TotalMilliseconds
                && _opened.Task.IsCompletedSuccessfully)
            {
                snapshotDue = true;
                _entriesSinceSnapshot = 0;
                _snapshotAtMs = entry.AtMs;
            }
        }

        Feed.Apply(applied.Shown);
        var trace = _batcher.Folded(entry.Producer, entry.Sequence, applied.Results);
        if (_opened.Task.IsCompleted) _metrics?.Folded(_batcher.IsOwn(entry.Producer), TimeSpan.FromMilliseconds(LogTimeMs - entry.AtMs));
        if (trace is not null)
        {
            trace.Folded(Id, startedAt);
            lock (_gate) (_folded, _foldTraced) = (trace.Head, true);
        }

        observer?.Moved();
        if (snapshotDue) _ = SaveSnapshotAsync();
    }

    // Others took this node for gone while it was stopped or cut off: it comes back as another one.
    private void RenewIfGone(Batch batch)
    {
        if (!_opened.Task.IsCompletedSuccessfully) return;
        foreach (var item in batch.Items)
        {
            if (item is NodeGone gone) _options.Node.Renew(gone.Node);
        }
    }

    // Other nodes go on counting what this one said last. Its people stay on the roster until its lease ends: they are
    // on their way to another node.
    private async Task SayNoViewersAsync()
    {
        ViewersCounted? none;
        lock (_gate) none = _attendance.CountNone();
        if (none is null) return;
        try
        {
            await SubmitAsync(none);
        }
        catch (Exception late) when (late is LogUnavailableException or LogFullException or LogDamagedException or InvalidOperationException)
        {
            // The lease says it ten seconds later, and a stream that failed is not kept from closing.
        }
    }

    private async Task SaveSnapshotAsync()
    {
        LogSnapshot snapshot;
        lock (_gate) snapshot = new LogSnapshot(_state.Position, _state.AtMs, _state.Save());
        try
        {
            await _log.PutSnapshotAsync(Id, snapshot, CancellationToken.None);
            _metrics?.SnapshotStored(true);
        }
        catch (Exception failed)
        {
            // A missing snapshot costs reading time at the next open, nothing else.
            _metrics?.SnapshotStored(false);
            LogSnapshotFailed(_logger, failed, Id);
        }
    }

    // Under the gate.
    private void Settle()
    {
        if (!_attendance.IsUnsettled || !_opened.Task.IsCompletedSuccessfully || IsClosed || !_state.Exists) return;
        List<BatchItem> items = [];
        _attendance.Collect(_state, _deadlines.NowMs, items);
        foreach (var item in items) _batcher.Add(item);
    }

    // The batcher's chain can't go on: as a rule the log began anew.
    private void OnLost(Exception reason) => OnLost(reason, StreamEnd.Gone);

    private void OnLost(Exception reason, StreamEnd end)
    {
        if (IsClosed) return;
        if (end != StreamEnd.Gone) Volatile.Write(ref _failure, reason);

        // Before appends are cancelled, so that all who wait hear the reason; and after, for those who came between.
        _batcher.FailAll(WhyClosed(reason));
        _closing.Cancel();
        _batcher.FailAll(WhyClosed(reason));
        IStreamObserver? observer;
        lock (_gate) (observer, _observer) = (_observer, null);
        observer?.Closed(end);
    }

    private Exception WhyClosed(Exception? reason = null) => Volatile.Read(ref _failure) switch
    {
        null => new LogUnavailableException("The stream was closed.", reason),
        LogDamagedException damaged => new LogDamagedException(damaged.Message, damaged),
        var broken => new InvalidOperationException("The stream can't be folded.", broken),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Stream {Stream} is folded anew: {Status}")]
    private static partial void LogRestarted(ILogger logger, string stream, ReadStatus status);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stream {Stream} can't be folded and is closed")]
    private static partial void LogBroken(ILogger logger, Exception exception, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of {Stream} could not be stored")]
    private static partial void LogSnapshotFailed(ILogger logger, Exception exception, string stream);
}
