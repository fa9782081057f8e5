using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Directories;

/// <summary>A partition's own log and the fold of it. Not for concurrent callers.</summary>
internal sealed partial class DirectoryLog
{
    private const int SnapshotAfterEntries = 500;
    private const int SnapshotAfterBytes = 64 << 10;

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogAppender _appender;
    private Position _applied = Position.Start;
    private long _lastMs;
    private int _tailEntries;
    private long _tailBytes;
    private long _snapshotBytes;
    private Task _saving = Task.CompletedTask;

    /// <param name="lost">Another activation has written: this one is of no use any more.</param>
    public DirectoryLog(int partition, IStreamLog log, TimeProvider time, ILogger logger, SiloMetrics metrics, Action lost)
    {
        (Name, _time, _logger) = (NameOf(partition), time, logger);
        _appender = new LogAppender(Name, log, time, logger, metrics, Save, _ => lost());
    }

    public string Name { get; }

    public DirectoryState State { get; private set; } = new();

    /// <summary>Whether another activation has written.</summary>
    public bool IsLost => _appender.IsOvertaken;

    public static string NameOf(int partition) => $"$directory-{partition:d2}";

    /// <summary>Folds the newest snapshot and the entries behind it.</summary>
    /// <exception cref="LogUnavailableException">The log did not answer.</exception>
    /// <exception cref="LogDamagedException">What is stored is not what was written.</exception>
    public Task LoadAsync(CancellationToken cancellationToken = default) =>
        _appender.LoadAsync(Begin, entry => Apply(entry, DirectoryCodec.Decode(entry.Body)), cancellationToken);

    /// <summary>Stores the items as one entry and folds it; for as long as it takes to know the outcome.</summary>
    /// <exception cref="LogFullException">Nothing was taken.</exception>
    /// <exception cref="LogUnavailableException">Another activation has written (see <see cref="IsLost"/>), or this one stops before the outcome is known.</exception>
    public async Task AppendAsync(IReadOnlyList<DirectoryItem> items)
    {
        _lastMs = Math.Max(_lastMs, _time.GetUtcNow().ToUnixTimeMilliseconds());
        var entry = await _appender.AppendAsync(_lastMs, DirectoryCodec.Encode(items))
            ?? throw new LogUnavailableException(IsLost ? $"{Name} is written by another activation." : $"{Name} is being closed.");
        Apply(entry, items);
        SaveIfDue();
    }

    /// <summary>Whether this activation is the newest, as far as that was known a second ago.</summary>
    /// <exception cref="LogUnavailableException">The log did not answer.</exception>
    public Task<bool> IsNewestAsync() => _appender.IsNewestAsync();

    /// <summary>Puts back what a store that was started again may have lost.</summary>
    public Task RestoreAsync() => _appender.RestoreAsync();

    /// <summary>From now on an outcome that stays unknown is waited for no longer than some seconds.</summary>
    public void Stop() => _appender.Stop();

    /// <summary>Waits for a snapshot that is being stored.</summary>
    public Task SavedAsync() => _saving;

    private LogSnapshot Save() => new(_applied, _lastMs, DirectoryCodec.Save(State));

    private void Begin(LogSnapshot? stored)
    {
        if (stored is null) return;
        State = DirectoryCodec.Load(stored.State);
        (_applied, _lastMs, _snapshotBytes) = (stored.Position, stored.AtMs, stored.State.Length);
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
        var snapshot = Save();
        (_tailEntries, _tailBytes, _snapshotBytes) = (0, 0, snapshot.State.Length);
        try
        {
            await _appender.PutSnapshotAsync(snapshot);
        }
        catch (Exception failed)
        {
            // A missing snapshot costs reading time at the next activation, nothing else.
            LogSnapshotFailed(_logger, failed, Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No snapshot of {Partition} could be stored")]
    private static partial void LogSnapshotFailed(ILogger logger, Exception failed, string partition);
}
