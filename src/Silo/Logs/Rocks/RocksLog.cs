using Interactions.Contracts;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The log of one process, in one folder: a RocksDB database for all streams, one synced write for all that waits. An append is answered and
/// pushed only when it is on disk, so epochs survive restarts. Safe for any thread. Batches are not copied: they must not change after they
/// were given.
/// </summary>
/// <remarks>
/// A full disk answers <see cref="LogFullException"/>, what is stored and is not as it was written <see cref="LogDamagedException"/>, and any
/// other failure <see cref="LogUnavailableException"/>. A read may return fewer entries than asked for when they are large;
/// <see cref="ReadResult.Head"/> says whether there are more.
/// </remarks>
public sealed class RocksLog : IStreamLog
{
    private readonly RocksLogOptions _options;
    private readonly DataFolder _folder;
    private readonly RocksStore _store;
    private readonly StreamHeads _heads;
    private readonly RocksReader _reader;
    private readonly LogTails _tails;
    private readonly RocksWriter _writer;
    private int _closed;

    private RocksLog(RocksLogOptions options, TimeProvider time, DataFolder folder, ILogger logger)
    {
        (_options, _folder) = (options, folder);
        _store = RocksStore.Open(folder, time, logger);
        _heads = new StreamHeads(_store);
        _reader = new RocksReader(_store, _heads);
        _tails = new LogTails(time, ReadAsync, IsBehind);
        _writer = new RocksWriter(_store, _heads, time, _tails);
    }

    public bool IsShared => false;

    /// <exception cref="LogRefusedException">The folder can't be used, another process has it, or what is in it is not what was written.</exception>
    public static RocksLog Open(RocksLogOptions options, TimeProvider time, ILogger<RocksLog> logger)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.KeepHours);
        var folder = DataFolder.Take(options.Path);
        try
        {
            return new RocksLog(options, time, folder, logger);
        }
        catch
        {
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
        return new(_reader.Read(stream, after, max));
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
        return new(_reader.Snapshot(stream, notAfterMs));
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
        await Task.Run(_writer.Dispose);
        _tails.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    private bool IsBehind(string stream, Position position)
    {
        try
        {
            return _heads.Find(stream) is { } head ? !head.IsAt(position) : !position.IsStart;
        }
        catch (Exception e) when (e is LogUnavailableException or LogDamagedException or ObjectDisposedException)
        {
            return true; // who reads is told
        }
    }

    /// <summary>The first entry that is not too old to keep. Entries stand in the order of their times, so it is found by halving.</summary>
    private long KeepFrom(string stream, long nowMs)
    {
        if (LogRules.IsTrimmedBySnapshot(stream)) return long.MaxValue;
        if (_options.KeepHours == 0 || _heads.Find(stream) is not { } head) return 0;
        var cutMs = nowMs - (_options.KeepHours * 3_600_000L);
        var (low, high) = (head.Range.First, head.NewestSnapshot + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var read = _reader.Read(stream, new Position(head.Epoch, middle - 1), 1);
            if (read.Entries.Count == 0) return 0;
            if (read.Entries[0].AtMs < cutMs) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
