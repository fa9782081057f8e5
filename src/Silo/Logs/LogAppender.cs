using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Logs;

/// <summary>
/// An activation's end of one stream's log. It knows the head, and appends after it for as long as it takes to know the outcome; it holds
/// what a store may lose, and makes one whole that came back shorter. Not for concurrent callers; what awaits lets others in.
/// </summary>
/// <param name="save">Makes a snapshot of what is folded.</param>
/// <param name="overtaken">Called once, with the head there is: another activation has written, and this one is of no use any more.</param>
internal sealed partial class LogAppender(
    string stream, IStreamLog log, TimeProvider time, ILogger logger, SiloMetrics metrics, Func<LogSnapshot> save, Action<LogHead> overtaken)
{
    private const int ReadPage = 1000;

    private static readonly TimeSpan TryFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    /// <summary>What is read may be this old.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>Names this activation in the log.</summary>
    private readonly string _writer = Epochs.New();

    private readonly HeldEntries? _held = log.MayLose ? new() : null;
    private long _number;
    private long? _seenAt;
    private bool _isAppending;
    private bool _isStopping;
    private Task<bool> _looking = Task.FromResult(true);
    private Task<bool> _restoring = Task.FromResult(true);

    /// <summary>The epoch that the next entry opens; null = it stands in the one that there is.</summary>
    private string? _opening;

    /// <summary>The log's last entry: the last that was folded, unless the log came back shorter than a snapshot in it.</summary>
    public LogHead Head { get; private set; } = LogHead.Empty;

    public bool IsOvertaken { get; private set; }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Reads what is stored.</summary>
    /// <param name="begin">Given the newest snapshot, or null when there is none.</param>
    /// <param name="apply">Given each entry behind it.</param>
    /// <exception cref="LogUnavailableException">The log did not answer, or was changed meanwhile.</exception>
    /// <exception cref="LogDamagedException">What is stored is not what was written.</exception>
    public async Task LoadAsync(Action<LogSnapshot?> begin, Action<Entry> apply, CancellationToken cancellationToken)
    {
        var stored = await log.GetSnapshotAsync(stream, cancellationToken: cancellationToken);
        begin(stored);
        var position = stored?.Position ?? Position.Start;
        LogHead? last = stored is null ? LogHead.Empty : null;
        var isRestarted = false;
        while (true)
        {
            var page = await log.ReadAsync(stream, position, ReadPage, cancellationToken);
            Head = page.Head;
            isRestarted |= page.IsRestarted;
            if (page.Status != ReadStatus.Ok)
            {
                // A store that lost entries which its own snapshot holds: the next entry opens a new epoch behind what it has.
                if (page.Head.Position.Offset < position.Offset) break;
                throw new LogUnavailableException($"{stream} can't be read on from {position}: {page.Status}.");
            }

            if (page.Entries.Count == 0)
            {
                if (last is { } known && known != page.Head) throw new LogUnavailableException($"{stream} was written anew at {page.Head} while it was read.");
                break;
            }

            foreach (var entry in page.Entries)
            {
                apply(entry);
                _held?.Add(entry, last);
                (last, position) = (LogHead.Of(entry), entry.Position);
            }
        }

        // Whoever reads only what a store came back with does not know what it lost, and may not go on in its epoch.
        if (isRestarted) _held?.Clear();
        Seen();
    }

    /// <summary>Appends the next entry, for as long as it takes to know the outcome; nothing else is appended meanwhile.</summary>
    /// <returns>The entry as it stands in the log; null when another activation has written, or this one stops before the outcome is known.</returns>
    /// <exception cref="LogFullException">Nothing was taken.</exception>
    /// <exception cref="LogDamagedException">What is stored is not what was written.</exception>
    public async Task<Entry?> AppendAsync(long atMs, ReadOnlyMemory<byte> body)
    {
        _isAppending = true;
        try
        {
            await ((Task)_restoring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return await RepeatAsync(new Entry(Next(), atMs, _writer, ++_number, body));
        }
        finally
        {
            _isAppending = false;
        }
    }

    /// <summary>From now on an outcome that stays unknown is waited for no longer than some seconds.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Whether this activation is the newest, as far as that was known a second ago.</summary>
    /// <exception cref="LogUnavailableException">The log did not answer.</exception>
    public async Task<bool> IsNewestAsync()
    {
        if (!IsOvertaken && (_seenAt is not { } at || time.GetElapsedTime(at) >= Fresh))
        {
            // One look for all who wait.
            if (_looking.IsCompleted) _looking = LookAsync();
            return await _looking;
        }

        return !IsOvertaken;
    }

    /// <summary>The store was started again, and may have lost what is held: it is put back, or the next append finds out.</summary>
    public async Task RestoreAsync()
    {
        _seenAt = null;
        if (_held is not { Count: > 0 } || _isAppending || IsOvertaken || !_restoring.IsCompleted) return;
        try
        {
            await (_restoring = RestoreAsync(null));
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogFullException or OperationCanceledException)
        {
            // The next append finds out.
        }
    }

    /// <summary>Holds the last entry alone from now on: nothing was appended for long.</summary>
    public void Trim() => _held?.Trim();

    /// <summary>Stores a snapshot, if what is folded into it stands in the log.</summary>
    public ValueTask<bool> PutSnapshotAsync(LogSnapshot snapshot) =>
        snapshot.Position == Head.Position ? log.PutSnapshotAsync(stream, Head, snapshot) : new(false);

    private async Task<bool> LookAsync()
    {
        var known = Head;
        var page = await log.ReadAsync(stream, known.Position, 0);
        if (page.Head == known || Head != known || _isAppending)
        {
            Seen();
            return !IsOvertaken;
        }

        // Shorter: the store came back without its newest entries.
        if (page.Head.Position.Offset < known.Position.Offset && _held is { Count: > 0 })
        {
            if (_restoring.IsCompleted) _restoring = RestoreAsync(page.Head);
            return await _restoring;
        }

        return Lose(page.Head);
    }

    private async Task<Entry?> RepeatAsync(Entry entry)
    {
        var isUnknown = false;
        for (var wait = FirstRetry; !IsOvertaken; wait = wait < LastRetry ? 2 * wait : LastRetry)
        {
            try
            {
                var result = await TryAsync(entry);
                var isOwn = result.Head == LogHead.Of(entry);
                if (result.Status == AppendStatus.Restarted)
                {
                    if (!await ContinueAsync(result.Head, isOwn ? entry : null)) return null;
                    if (isOwn) return Stored(entry);
                    entry = entry with { Position = Next() };
                    continue;
                }

                if (isOwn) return Stored(entry);
                Lose(result.Head);
                return null;
            }
            catch (LogFullException) when (!isUnknown)
            {
                throw;
            }
            catch (Exception unknown) when (unknown is LogUnavailableException or LogFullException or OperationCanceledException)
            {
                // An earlier try may still arrive, so that nothing else may take its place.
                isUnknown = true;
            }

            if (_isStopping && wait >= LastRetry) return null;
            await Task.Delay(wait, time);
        }

        return null;
    }

    private async Task<AppendResult> TryAsync(Entry entry)
    {
        var (started, outcome) = (time.GetTimestamp(), "failed");
        try
        {
            using var late = new CancellationTokenSource(TryFor, time);
            var result = await log.AppendAsync(stream, Head, entry, late.Token);
            outcome = result.Status switch { AppendStatus.Taken => "taken", AppendStatus.Refused => "refused", _ => "restarted" };
            return result;
        }
        catch (LogFullException)
        {
            outcome = "full";
            throw;
        }
        catch (Exception unknown) when (unknown is LogUnavailableException or OperationCanceledException)
        {
            outcome = "unavailable";
            throw;
        }
        finally
        {
            metrics.AppendEnded(outcome, time.GetElapsedTime(started));
        }
    }

    private Position Next() => new(_opening ?? (Head.Position.IsStart ? Epochs.New(NowMs) : Head.Position.Epoch), Head.Position.Offset + 1);

    private Entry Stored(Entry entry)
    {
        _held?.Add(entry, Head);
        (Head, _opening) = (LogHead.Of(entry), null);
        Seen();
        return entry;
    }

    /// <summary>Makes a store that was started again whole by what is held; if nothing is, a new epoch is to begin.</summary>
    /// <param name="own">The entry that is being appended, if the store has it.</param>
    private async Task<bool> ContinueAsync(LogHead storeHead, Entry? own)
    {
        if (own is not null || _held is { Count: > 0 }) return await RestoreAsync(storeHead, own);
        _opening = Epochs.New(NowMs, Head.Position.IsStart ? null : Head.Position.Epoch);
        LogNewEpoch(logger, stream, storeHead.Position, _opening);
        if (Head.Position.Offset - storeHead.Position.Offset is > 0 and var lost)
        {
            LogLost(logger, stream, lost, storeHead.Position);
            metrics.Lost(lost);
        }

        Head = storeHead;
        return true;
    }

    /// <param name="storeHead">Where the store ends, if that is known.</param>
    /// <param name="own">Stands after what is held.</param>
    /// <returns>False when another activation was first.</returns>
    private async Task<bool> RestoreAsync(LogHead? storeHead, Entry? own = null)
    {
        var before = _held!.Count > 0 ? _held.Before : Head;
        Entry[] entries = own is null ? [.. _held.All] : [.. _held.All, own];
        var last = LogHead.Of(entries[^1]);
        var snapshot = own is null && save() is var folded && folded.Position == last.Position ? folded : null;
        var result = await log.RestoreAsync(stream, snapshot, before, entries);

        // Refused with what it holds at the head: it was made whole before, and the answer was lost.
        if (result.Status != AppendStatus.Taken && result.Head != last) return Lose(result.Head);
        if (storeHead is { Position: var end } && last.Position.Offset > end.Offset)
        {
            LogRestored(logger, stream, end, last.Position);
            metrics.Restored(last.Position.Offset - end.Offset);
        }

        if (own is null) Head = last;
        Seen();
        return true;
    }

    private bool Lose(LogHead head)
    {
        if (!IsOvertaken)
        {
            IsOvertaken = true;
            overtaken(head);
        }

        return false;
    }

    private void Seen() => _seenAt = time.GetTimestamp();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {Stream} came back at {Head}: what this silo held up to {Position} was put back")]
    private static partial void LogRestored(ILogger logger, string stream, Position head, Position position);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store of {Stream} was started again, and nobody holds what it may have lost after {Head}: the epoch {Epoch} begins")]
    private static partial void LogNewEpoch(ILogger logger, string stream, Position head, string epoch);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log of {Stream} lost {Entries} entries after {Head} that nobody holds any more")]
    private static partial void LogLost(ILogger logger, string stream, long entries, Position head);
}
