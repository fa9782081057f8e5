using Interactions.Contracts;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Interactions.Silo.Logs.File;

/// <summary>
/// The log of one process, in one folder: one journal for all streams, one flush to disk for all that waits.
/// An append is answered and pushed only when it is on disk, so epochs survive restarts. Safe for any thread.
/// Batches are not copied: they must not change after they were given.
/// </summary>
/// <remarks>
/// A full disk answers <see cref="LogFullException"/>, any other failure to write
/// <see cref="LogUnavailableException"/>; each append tries again. A read may return fewer entries than asked
/// for when they are large; <see cref="ReadResult.Head"/> says whether there are more.
/// </remarks>
public sealed class FileLog : IStreamLog
{
    private readonly FileLogOptions _options;
    private readonly TimeProvider _time;
    private readonly FolderLock _lock;
    private readonly Journal _journal;
    private readonly JournalReader _reader;
    private readonly LogTails _tails;
    private readonly JournalWriter _writer;
    private int _closed;

    private FileLog(
        FileLogOptions options, TimeProvider time, FolderLock folder, Journal journal, ILogger logger, Func<SafeFileHandle, IJournalFile> files)
    {
        (_options, _time, _lock, _journal) = (options, time, folder, journal);
        var length = new JournalRecovery(journal, logger).Run();
        _reader = new JournalReader(journal);
        _tails = new LogTails(time, ReadAsync, IsBehind);
        _writer = new JournalWriter(journal, length, time, _tails, files, logger);
    }

    public bool IsShared => false;

    /// <exception cref="LogInUseException">Another process has the folder.</exception>
    /// <exception cref="InvalidDataException">A sealed segment is damaged; the message says where.</exception>
    public static FileLog Open(FileLogOptions options, TimeProvider time, ILogger<FileLog> logger) =>
        Open(options, time, logger, handle => new JournalFile(handle));

    internal static FileLog Open(FileLogOptions options, TimeProvider time, ILogger<FileLog> logger, Func<SafeFileHandle, IJournalFile> files)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.KeepHours);
        options = options with { Path = Path.GetFullPath(options.Path) };
        Directory.CreateDirectory(options.Path);
        var folder = FolderLock.Take(options.Path);
        var journal = new Journal(options, logger);
        try
        {
            return new FileLog(options, time, folder, journal, logger, files);
        }
        catch
        {
            journal.Dispose();
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask<AppendResult> AppendAsync(string stream, AppendRequest request, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, request);
        cancellationToken.ThrowIfCancellationRequested();
        var op = new AppendOp(stream, request);
        _writer.Enqueue(op);
        return await op.Task.WaitAsync(cancellationToken);
    }

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new(_reader.Read(stream, after, max));
        }
        catch (IOException e)
        {
            throw new LogUnavailableException("The log can't be read.", e);
        }
    }

    public IAsyncEnumerable<Entry> TailAsync(string stream, Position after, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        return _tails.TailAsync(stream, after, cancellationToken);
    }

    public ValueTask<LogSnapshot?> GetSnapshotAsync(
        string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        try
        {
            return new(_reader.Snapshot(stream, notAfterMs));
        }
        catch (IOException e)
        {
            throw new LogUnavailableException("The log can't be read.", e);
        }
    }

    public async ValueTask<bool> PutSnapshotAsync(string stream, LogSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapshot.State.Length, LogRules.MaxStateBytes, nameof(snapshot));
        var op = new SnapshotOp(stream, snapshot, KeepFrom(stream, snapshot.AtMs));
        _writer.Enqueue(op);
        return await op.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DeleteAsync(string stream, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        var op = new DeleteOp(stream);
        _writer.Enqueue(op);
        await op.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Makes durable what is queued, then lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        await Task.Run(_writer.Stop);
        _tails.Dispose();
        _journal.Dispose();
        _lock.Dispose();
    }

    private bool IsBehind(string stream, Position position) =>
        _journal.Find(stream) is { } index ? index.IsBeyond(position) : !position.IsStart;

    /// <summary>The first entry that is not too old to keep. Entries stand in the order of their times, so it is found by halving.</summary>
    private long KeepFrom(string stream, long nowMs)
    {
        if (LogRules.IsTrimmedBySnapshot(stream)) return long.MaxValue;
        if (_options.KeepHours == 0 || _journal.Find(stream) is not { } index) return 0;
        var cutMs = nowMs - (_options.KeepHours * 3_600_000L);
        long low, high;
        lock (index) (low, high) = (index.First, (index.Snapshots.Newest?.Offset ?? 0) + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var read = _reader.Read(stream, new Position(index.Epoch, middle - 1), 1);
            if (read.Entries.Count == 0) return 0;
            if (read.Entries[0].AtMs < cutMs) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
