using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Grains;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Directories;

/// <summary>
/// A partition's own log and the fold of it. One append is under way at a time, at the head that this activation knows, so a second
/// activation is found out by its first append. Not for concurrent callers.
/// </summary>
internal sealed partial class DirectoryLog(int partition, IStreamLog log, TimeProvider time, ILogger logger)
{
    private const int ReadPage = 1000;
    private const int SnapshotAfterEntries = 500;
    private const int SnapshotAfterBytes = 64 << 10;
    private static readonly TimeSpan TryFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    private readonly string _writer = Epochs.New();
    private readonly HeldEntries? _held = log.MayLose ? new() : null;
    private LogHead _head = LogHead.Empty;
    private Position _applied = Position.Start;
    private long _number;
    private long _lastMs;
    private long _lookedAt = time.GetTimestamp();
    private string? _opening;
    private int _tailEntries;
    private long _tailBytes;
    private long _snapshotBytes;
    private Task _saving = Task.CompletedTask;

    public string Name { get; } = NameOf(partition);

    public DirectoryState State { get; private set; } = new();

    /// <summary>Whether another activation has written: this one is of no use any more.</summary>
    public bool IsLost { get; private set; }

    /// <summary>How long ago this activation appended or looked at the head.</summary>
    public TimeSpan Unseen => time.GetElapsedTime(_lookedAt);

    public static string NameOf(int partition) => $"$directory-{partition:d2}";

    /// <summary>Folds the newest snapshot and the entries behind it.</summary>
    /// <exception cref="LogUnavailableException">The log did not answer.</exception>
    /// <exception cref="LogDamagedException">What is stored is not what was written.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        var stored = await log.GetSnapshotAsync(Name, cancellationToken: cancellationToken);
        if (stored is not null)
        {
            State = DirectoryCodec.Load(stored.State);
            (_applied, _lastMs, _snapshotBytes) = (stored.Position, stored.AtMs, stored.State.Length);
        }

        LogHead? last = stored is null ? LogHead.Empty : null;
        while (true)
        {
            var page = await log.ReadAsync(Name, _applied, ReadPage, cancellationToken);
            _head = page.Head;
            if (page.Status != ReadStatus.Ok)
            {
                // A store that lost entries which its own snapshot holds: the next entry opens a new epoch behind what it has.
                if (page.Head.Position.Offset < _applied.Offset) break;
                throw new LogDamagedException($"{Name} can't be read on from {_applied}: {page.Status}.");
            }

            if (page.Entries.Count == 0)
            {
                if (last is { } known && known != page.Head) throw new LogUnavailableException($"{Name} was written anew at {page.Head} while it was read.");
                break;
            }

            foreach (var entry in page.Entries) Apply(entry, DirectoryCodec.Decode(entry.Body));
            last = LogHead.Of(page.Entries[^1]);
        }

        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Stores the items as one entry and folds it; for as long as it takes to know the outcome.</summary>
    /// <exception cref="LogFullException">Nothing was taken.</exception>
    /// <exception cref="LogUnavailableException">Another activation has written (see <see cref="IsLost"/>), or this one stops before the outcome is known.</exception>
    public async Task AppendAsync(IReadOnlyList<DirectoryItem> items, CancellationToken stopping = default)
    {
        _lastMs = Math.Max(_lastMs, time.GetUtcNow().ToUnixTimeMilliseconds());
        var entry = await StoreAsync(new Entry(Next(), _lastMs, _writer, ++_number, DirectoryCodec.Encode(items)), stopping);
        Apply(entry, items);
        SaveIfDue();
    }

    /// <summary>Finds out whether another activation has written.</summary>
    /// <exception cref="LogUnavailableException">It has, or the log does not answer.</exception>
    public async Task LookAsync(CancellationToken cancellationToken = default)
    {
        var known = _head;
        var page = await log.ReadAsync(Name, known.Position, 0, cancellationToken);
        if (page.Head != known && _head == known) throw Lose();
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Puts back what a store that was started again may have lost.</summary>
    public async Task RestoreAsync()
    {
        if (_held is { Count: > 0 } && !IsLost) await ContinueAsync(_head);
    }

    /// <summary>Waits for a snapshot that is being stored.</summary>
    public Task SavedAsync() => _saving;

    private async Task<Entry> StoreAsync(Entry entry, CancellationToken stopping)
    {
        var isUnknown = false;
        for (var wait = FirstRetry; ; wait = wait < LastRetry ? 2 * wait : wait)
        {
            try
            {
                using var late = new CancellationTokenSource(TryFor, time);
                var result = await log.AppendAsync(Name, _head, entry, late.Token);
                var isOwn = result.Head == LogHead.Of(entry);
                if (result.Status == AppendStatus.Taken || (result.Status == AppendStatus.Refused && isOwn)) return Stored(entry);
                if (result.Status == AppendStatus.Refused) throw Lose();

                // The store was started again.
                if (isOwn) _held?.Add(entry, _head);
                await ContinueAsync(result.Head);
                if (isOwn) return Stored(entry, isHeld: true);
                entry = entry with { Position = Next() };
                continue;
            }
            catch (LogFullException) when (!isUnknown)
            {
                throw;
            }
            catch (Exception unknown) when (unknown is LogFullException or OperationCanceledException || (unknown is LogUnavailableException && !IsLost))
            {
                // An earlier try may still arrive, so that nothing else may take its place.
                isUnknown = true;
            }

            try
            {
                await Task.Delay(wait, time, stopping);
            }
            catch (OperationCanceledException stopped)
            {
                throw new LogUnavailableException($"{Name} is being closed.", stopped);
            }
        }
    }

    private Entry Stored(Entry entry, bool isHeld = false)
    {
        if (!isHeld) _held?.Add(entry, _head);
        (_head, _opening, _lookedAt) = (LogHead.Of(entry), null, time.GetTimestamp());
        return entry;
    }

    private Position Next() => _opening is { } opening ? new(opening, _head.Position.Offset + 1)
        : new(_head.Position.IsStart ? Epochs.New(time.GetUtcNow().ToUnixTimeMilliseconds()) : _head.Position.Epoch, _head.Position.Offset + 1);

    // Makes the store whole by what is held; if nothing is, a new epoch begins with the next entry.
    private async Task ContinueAsync(LogHead storeHead)
    {
        if (_held is not { Count: > 0 })
        {
            _opening = Epochs.New(time.GetUtcNow().ToUnixTimeMilliseconds(), _head.Position.IsStart ? null : _head.Position.Epoch);
            if (_head.Position.Offset > storeHead.Position.Offset) LogLost(logger, Name, _head.Position.Offset - storeHead.Position.Offset, storeHead.Position);
            _head = storeHead;
            return;
        }

        var entries = _held.All;
        var snapshot = _applied == entries[^1].Position ? new LogSnapshot(_applied, _lastMs, DirectoryCodec.Save(State)) : null;
        var result = await log.RestoreAsync(Name, snapshot, _held.Before, entries);
        if (result.Status != AppendStatus.Taken && result.Head != _head) throw Lose();
        _head = LogHead.Of(entries[^1]);
        _lookedAt = time.GetTimestamp();
    }

    private void Apply(Entry entry, IReadOnlyList<DirectoryItem> items)
    {
        _lastMs = Math.Max(_lastMs, entry.AtMs);
        foreach (var item in items) State.Apply(item, entry.AtMs);
        _applied = entry.Position;
        _tailEntries++;
        _tailBytes += entry.Body.Length;
    }

    private void SaveIfDue()
    {
        var isDue = _tailEntries > SnapshotAfterEntries || _tailBytes > Math.Max(_snapshotBytes / 2, SnapshotAfterBytes);
        if (isDue && _saving.IsCompleted) _saving = SaveAsync();
    }

    private async Task SaveAsync()
    {
        var (last, snapshot) = (_head, new LogSnapshot(_applied, _lastMs, DirectoryCodec.Save(State)));
        (_tailEntries, _tailBytes, _snapshotBytes) = (0, 0, snapshot.State.Length);
        try
        {
            await log.PutSnapshotAsync(Name, last, snapshot);
        }
        catch (Exception failed)
        {
            // A missing snapshot costs reading time at the next activation, nothing else.
            LogSnapshotFailed(logger, failed, Name);
        }
    }

    private LogUnavailableException Lose()
    {
        IsLost = true;
        return new LogUnavailableException($"{Name} is written by another activation.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition} goes on after {Head} in a new epoch: the log lost {Count} entries, and nobody holds them. Streams may be listed as they were before")]
    private static partial void LogLost(ILogger logger, string partition, long count, Position head);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No snapshot of {Partition} could be stored")]
    private static partial void LogSnapshotFailed(ILogger logger, Exception failed, string partition);
}
