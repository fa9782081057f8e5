using Interactions.Contracts;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The log of one process, in one folder: a RocksDB database for all streams, one synced write for all that waits. An append is answered only
/// when it is on disk. Safe for any thread. Bodies and states are not copied: they must not change after they were given.
/// </summary>
/// <remarks>
/// A full disk answers <see cref="LogFullException"/>, what is stored and is not as it was written <see cref="LogDamagedException"/>, and any
/// other failure <see cref="LogUnavailableException"/>.
/// </remarks>
public sealed class RocksLog : IStreamLog
{
    /// <summary>So many names are read at once.</summary>
    private const int ListPage = 1000;

    private readonly RocksLogOptions _options;
    private readonly DataFolder _folder;
    private readonly RocksStore _store;
    private readonly RocksWriter _writer;
    private int _closed;

    private RocksLog(RocksLogOptions options, TimeProvider time, DataFolder folder, ILogger logger)
    {
        (_options, _folder) = (options, folder);
        _store = RocksStore.Open(folder, time, logger);
        _writer = new RocksWriter(_store);
    }

    /// <summary>Never raised: what was acknowledged is there, or the log is refused.</summary>
    public event Action? Restarted
    {
        add { }
        remove { }
    }

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

    public async ValueTask<AppendResult> AppendAsync(string stream, LogHead head, Entry entry, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, head.Position, entry);
        return await WriteAsync(new AppendOp(stream, head, entry), cancellationToken);
    }

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        cancellationToken.ThrowIfCancellationRequested();
        return new(View(stream, (after, max), static (view, ask) => view.Read(ask.after, ask.max)) ?? LogRules.Unknown(after));
    }

    public ValueTask<AppendResult> RestoreAsync(
        string stream, LogSnapshot? snapshot, LogHead? before, IReadOnlyList<Entry> entries, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        return new(new AppendResult(AppendStatus.Refused, View(stream, 0, static (view, _) => (LogHead?)view.Last()) ?? LogHead.Empty));
    }

    public ValueTask<LogSnapshot?> GetSnapshotAsync(
        string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        return new(View(stream, notAfterMs, static (view, notAfterMs) => view.Snapshot(notAfterMs)));
    }

    public async ValueTask<bool> PutSnapshotAsync(string stream, LogHead last, LogSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        LogRules.Check(stream, last, snapshot);
        if (View(stream, last, static (view, last) => (bool?)view.Has(last)) is not true) return false;
        return await WriteAsync(new SnapshotOp(stream, snapshot, KeepFrom(stream, snapshot.AtMs)), cancellationToken);
    }

    public async ValueTask<bool> DeleteAsync(string stream, LogHead? head, CancellationToken cancellationToken = default)
    {
        LogRules.CheckStream(stream);
        return await WriteAsync(new DeleteOp(stream, head), cancellationToken);
    }

    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken = default) => List().ToAsyncEnumerable();

    /// <summary>Makes durable what is queued, then lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        await Task.Run(_writer.Dispose);
        _store.Dispose();
        _folder.Dispose();
    }

    private Task<T> WriteAsync<T>(LogOp<T> op, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _writer.Enqueue(op);
        return op.Task.WaitAsync(cancellationToken);
    }

    /// <returns>Null: there is no such stream.</returns>
    private TResult? View<TState, TResult>(string stream, TState state, Func<StreamView, TState, TResult?> read) =>
        _store.Read((stream, state, read), static (database, ask) =>
        {
            using var view = StreamView.Find(database, ask.stream);
            return view is null ? default : ask.read(view, ask.state);
        });

    private IEnumerable<string> List()
    {
        for (List<string> page = [""]; page.Count > 0;)
        {
            page = _store.Read(page[^1], NamesAfter);
            foreach (var stream in page) yield return stream;
        }
    }

    private static List<string> NamesAfter(RocksDatabase database, string last)
    {
        Span<byte> key = stackalloc byte[RocksKeys.MaxBytes];
        var names = new List<string>();
        using var cursor = database.Read();
        var found = cursor.Seek(last.Length == 0 ? RocksKeys.FirstStream : RocksKeys.After(last, key));
        while (found && names.Count < ListPage && RocksKeys.StreamOf(cursor.Key, out _) is { } stream)
        {
            names.Add(stream);
            found = cursor.Seek(RocksKeys.After(stream, key));
        }

        return names;
    }

    /// <summary>The first entry that is not too old to keep.</summary>
    private long KeepFrom(string stream, long nowMs)
    {
        if (LogRules.IsTrimmedBySnapshot(stream)) return long.MaxValue;
        if (_options.KeepHours == 0) return 0;
        var cutMs = nowMs - (_options.KeepHours * 3_600_000L);
        return _store.Read((stream, cutMs), static (database, ask) =>
        {
            using var view = StreamView.Find(database, ask.stream);
            return view?.FirstSince(ask.cutMs) ?? 0;
        });
    }
}
