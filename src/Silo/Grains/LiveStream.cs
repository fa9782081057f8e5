using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;
using Interactions.Silo.Logs;
using Interactions.Silo.Streams;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Grains;

/// <summary>
/// One activation of a stream: the only writer of its log. It gathers what frontends send in a tick into one entry, appends it under
/// the fence, folds it, answers the senders and pushes what it changed. Knows nothing of Orleans. Everything runs in one turn at a
/// time, as a grain does; what awaits lets others in.
/// </summary>
/// <remarks>
/// Reads answer what is folded. The fold may be behind the log only when another activation writes: a read after a second without
/// an append looks at the head first, and an activation that is overtaken answers nothing more.
/// </remarks>
internal sealed partial class LiveStream : ILeaseHolder
{
    private const int EntriesAtOnce = 16;

    /// <summary>What a subscriber lacks goes in pieces of this size: between two of them others' messages get through.</summary>
    private const int PieceBytes = 64 << 10;

    private readonly IStreamLog _log;
    private readonly StreamOptions _options;
    private readonly FrontendLeases _leases;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SiloMetrics _metrics;
    private readonly Action<Action> _enter;
    private readonly Action _lost;
    private readonly Action _left;
    private readonly LogAppender _appender;
    private readonly Func<byte> _rules;
    private readonly LogClock _clock;
    private readonly ClockWatch _watch;
    private readonly Subscribers _subscribers = new();
    private readonly UserLimits? _limits;
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);
    private PieceStore? _pieces;

    private StreamState _state;
    private EffectRing _ring;

    /// <summary>What snapshots are made of; made at the first.</summary>
    private StreamView? _view;

    private long _lastAtMs;

    /// <summary>When it was loaded or an entry was folded; the end of time: nothing is left to trim since.</summary>
    private long _movedMs = long.MaxValue;

    /// <summary>Why it serves no more; accepted = it does.</summary>
    private Code _end = Code.Accepted;

    /// <param name="rules">The version of the rules that new entries are decided by, where the log has no later one yet.</param>
    /// <param name="enter">Runs something in a turn of its own; callable on any thread.</param>
    /// <param name="left">The last frontend left off being pushed to.</param>
    /// <param name="lost">Another activation writes, or this one can't go on: it is to be given up.</param>
    public LiveStream(
        string id, IStreamLog log, StreamOptions options, FrontendLeases leases, ClockWatch watch, TimeProvider time, ILogger logger, SiloMetrics metrics, Func<byte> rules, Action<Action> enter, Action lost, Action left)
    {
        (Id, _log, _options, _leases, _watch, _time, _logger, _metrics, _rules, _enter, _lost, _left) =
            (id, log, options, leases, watch, time, logger, metrics, rules, enter, lost, left);
        _appender = new LogAppender(id, log, time, logger, metrics, Freeze, Lose);
        _clock = new LogClock(time);
        if (options.UserRate is { } rate) _limits = new UserLimits(rate);
        _state = new StreamState(id, options.Region, options.Rules);
        _ring = new EffectRing(options.Resume, options.RingBytes);
    }

    public string Id { get; }

    public bool Exists => _state.Exists;

    public ulong Creation => _state.Seed;

    public StreamStatus Status => _state.Status;

    public StreamSettings Settings => _state.Settings;

    public StreamInfo Info => new(Id, _state.Seed, _state.Owner, _state.Status, _state.Settings.Tap, _state.AnyBans);

    /// <summary>How many frontends are pushed to.</summary>
    public int SubscriberCount => _subscribers.Count;

    /// <summary>Log time now, ms since 1970 UTC, as far as it can be told between entries.</summary>
    public long LogTimeMs => _clock.NowMs(ClockMs);

    /// <summary>The log time of the last entry, ms since 1970 UTC. May be asked on any thread.</summary>
    public long LastMs => Volatile.Read(ref _lastAtMs);

    /// <summary>Runs something in a turn of this stream.</summary>
    public Action<Action> Enter => _enter;

    private long ClockMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private long NowMs => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    private bool IsQuiet => NowMs - Volatile.Read(ref _movedMs) >= _options.Resume.TotalMilliseconds;

    private ShownTime Shown => _clock.Shown(ClockMs);

    /// <summary>Whether settings may become these.</summary>
    public Code Check(SettingsPatch patch) => _state.Check(patch);

    /// <summary>Reads the fold, when it is known to be the newest.</summary>
    /// <param name="read">Makes the answer; must not keep the fold.</param>
    /// <param name="refuse">Makes the answer when there is none.</param>
    public async Task<T> ReadAsync<T>(Func<StreamState, T> read, Func<Code, T> refuse)
    {
        if (await CheckHeadAsync() is var code and not Code.Accepted) return refuse(code);
        if (!_state.Exists) return refuse(Code.NotFound);
        _state.Shown = Shown;
        return read(_state);
    }

    /// <summary>A snapshot as this viewer may see it.</summary>
    public Task<FrameAnswer> SnapshotAsync(string? viewer) => ReadAsync(
        state =>
        {
            var view = _view ??= state.ToView();
            view.Shown = Shown;
            return new FrameAnswer(Code.Accepted, Contracts.Frames.FrameJson.Encode(view.Snapshot(viewer), ClockMs), Info);
        },
        static code => new FrameAnswer(code));

    /// <summary>Adds a frontend to those who are pushed to, and gives what it lacks, in one turn.</summary>
    public async Task<SubscribeAnswer> SubscribeAsync(SubscribeRequest request, string silo)
    {
        _leases.Heard(request.Frontend);
        if (!_reaching.IsCompleted && !_ring.Covers(request.From)) await Task.WhenAny(_reaching, Task.Delay(ReachWithin, _time));
        return await ReadAsync(
            state =>
            {
                _subscribers.Set(request.Frontend, request.Observer);
                Watch(request.Frontend);
                var pieces = ContentAfter(request.From).Split(PieceBytes);
                var token = pieces.Count > 1 ? (_pieces ??= new(_time)).Add(request.Frontend, pieces) : 0;
                return new SubscribeAnswer(Code.Accepted, state.Seed, silo, pieces[0], Shown, state.Frontends.Contains(request.Frontend), pieces.Count, token);
            },
            SubscribeAnswer.Refused);
    }

    /// <summary>Another piece of what a subscription was answered.</summary>
    public PieceAnswer ReadPiece(string frontend, long token, int piece) =>
        _pieces?.Find(frontend, token, piece) is { } found ? new(Code.Accepted, found) : PieceAnswer.Refused(Code.Trimmed);

    /// <summary>Frees what nobody asks for any more, if no entry has come for as long as a viewer may be away: else only the next one would. Callable on any thread.</summary>
    public void TrimIfQuiet()
    {
        if (IsQuiet) _enter(Trim);
    }

    public void Unsubscribe(string frontend)
    {
        Drop(frontend);
        Unwatch(frontend);
    }

    /// <summary>Entries as they are in the log.</summary>
    public async Task<LogAnswer> ReadLogAsync(Position after, int max, int maxBytes)
    {
        if (await CheckHeadAsync() is var code and not Code.Accepted) return LogAnswer.Refused(code);
        if (!_state.Exists) return LogAnswer.Refused(Code.NotFound);
        List<Entry> entries = [];
        var bytes = 0L;
        while (true)
        {
            // A few at a time: entries are small mostly, and some are not.
            var page = await _log.ReadAsync(Id, after, Math.Min(max - entries.Count, EntriesAtOnce));
            if (page.Status != ReadStatus.Ok) return entries.Count > 0 ? new(Code.Accepted, false, entries, page.Head.Position) : new(Code.Trimmed, page.Status == ReadStatus.OtherEpoch, [], page.Head.Position);
            foreach (var entry in page.Entries)
            {
                if (entries.Count > 0 && bytes + entry.Body.Length > maxBytes) return new(Code.Accepted, false, entries, page.Head.Position);
                entries.Add(entry);
                bytes += entry.Body.Length;
                after = entry.Position;
            }

            if (page.Entries.Count == 0 || entries.Count >= max || after == page.Head.Position) return new(Code.Accepted, false, entries, page.Head.Position);
        }
    }

    /// <summary>Called on any thread: stores may have lost what this activation holds.</summary>
    public void StoreRestarted() => _enter(() =>
    {
        if (_end == Code.Accepted) _ = _appender.RestoreAsync();
    });

    void ILeaseHolder.Gone(string frontend) => _enter(() =>
    {
        Drop(frontend);
        _watched.Remove(frontend);
        if (_state.Frontends.Contains(frontend)) _ = AddOwn(new FrontendGone(frontend));
    });

    /// <summary>Nothing is served or pushed any more; whoever waits is told why, once.</summary>
    private void End(Code code, FeedEndReason reason)
    {
        if (_end != Code.Accepted) return;
        _end = code;
        foreach (var frontend in _watched) _leases.Remove(frontend, this);
        _watched.Clear();
        _subscribers.End(new FeedEnd(Id, _state.Seed, reason));
        RefuseAll(code);
    }

    private FeedContent ContentAfter(Position from)
    {
        if (!from.IsStart && _ring.Covers(from)) return new FeedContent(null, from, _ring.After(from));
        return new FeedContent(_state.Describe(), _ring.Start, _ring.After(_ring.Start));
    }

    private void Trim()
    {
        if (!IsQuiet) return;
        _ring.Clear(_ring.Head);
        _appender.Trim();
        Volatile.Write(ref _movedMs, long.MaxValue);
    }

    private void Drop(string frontend)
    {
        if (_subscribers.Remove(frontend) && _subscribers.Count == 0) _left();
    }

    private void Watch(string frontend)
    {
        if (_watched.Add(frontend)) _leases.Add(frontend, this);
    }

    // Its viewers may still be counted: then it is told of when it is gone.
    private void Unwatch(string frontend)
    {
        if (!_state.Frontends.Contains(frontend) && _watched.Remove(frontend)) _leases.Remove(frontend, this);
    }

    /// <summary>Whether this activation is still the newest, as far as that was known a second ago.</summary>
    private async Task<Code> CheckHeadAsync()
    {
        if (_end != Code.Accepted) return _end;
        try
        {
            if (!await _appender.IsNewestAsync()) return Code.Unavailable;
        }
        catch (Exception failed)
        {
            return CodeOf(failed);
        }

        return _end;
    }

    private void Lose(LogHead head)
    {
        LogOvertaken(_logger, Id, _appender.Head.Position, head.Position);
        _metrics.Fenced();
        GiveUp();
    }

    /// <summary>How a failure is told to callers.</summary>
    public static Code CodeOf(Exception failed) => failed switch
    {
        LogUnavailableException or OperationCanceledException or TimeoutException or ObjectDisposedException => Code.Unavailable,
        LogFullException => Code.Full,
        LogDamagedException => Code.Damaged,
        LaterRulesException => Code.Unavailable, // another silo may know them
        _ => Code.Internal,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Another activation of {Stream} has written: this one stood at {Position}, the log is at {Head}. It is given up")]
    private static partial void LogOvertaken(ILogger logger, string stream, Position position, Position head);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Stream} can't be folded and serves no more")]
    private static partial void LogBroken(ILogger logger, Exception exception, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of {Stream} could not be stored")]
    private static partial void LogSnapshotFailed(ILogger logger, Exception exception, string stream);
}
