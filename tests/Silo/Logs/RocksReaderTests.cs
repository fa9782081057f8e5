using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs;
using Interactions.Silo.Logs.Rocks;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>
/// What a reader says between a write and its being known: the rows are gone from the database, and the heads name them still. Here the
/// test is the writer, and stops there.
/// </summary>
public sealed class RocksReaderTests : IAsyncLifetime
{
    private const string Stream = "a";
    private const long OlderOne = 0;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private readonly TempFolder _temporary = new();
    private readonly SettableClock _clock = new();
    private readonly RocksBatch _batch = new();
    private readonly byte[] _from = new byte[RocksKeys.MaxBytes];
    private readonly byte[] _to = new byte[RocksKeys.MaxBytes];
    private Position _head;
    private DataFolder _folder = null!;
    private RocksStore _store = null!;
    private StreamHeads _heads = null!;
    private RocksReader _reader = null!;

    /// <summary>Ten entries, and snapshots at 4 and 8.</summary>
    public async ValueTask InitializeAsync()
    {
        await using (var log = RocksLog.Open(new RocksLogOptions { Path = _temporary.Path }, _clock, NullLogger<RocksLog>.Instance))
        {
            for (var i = 1; i <= 10; i++)
            {
                var entry = await log.AppendAsync(Stream, new AppendRequest("p", i - 1, i, new byte[10]));
                _head = entry.Position;
                if (i % 4 == 0) Assert.True(await log.PutSnapshotAsync(Stream, new LogSnapshot(entry.Position, entry.AtMs, new byte[10])));
            }
        }

        _folder = DataFolder.Take(_temporary.Path);
        _store = RocksStore.Open(_folder, _clock, NullLogger.Instance);
        _heads = new StreamHeads(_store);
        _reader = new RocksReader(_store, _heads);
        Assert.Equal(10, _reader.Read(Stream, Position.Start, 100).Entries.Count);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        _batch.Dispose();
        _temporary.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_stream_that_is_being_deleted_is_not_damaged()
    {
        DeleteRows();
        var (read, snapshot) = await MeanwhileAsync(() => _heads.Remove(Stream));
        Assert.Equal(LogRules.Unknown(Position.Start), read);
        Assert.Null(snapshot);
    }

    [Fact]
    public async Task A_stream_that_is_being_trimmed_is_not_damaged()
    {
        // As a snapshot at 10 does it.
        _batch.DeleteRange(RocksKeys.Entry(Stream, _head.Epoch, 1, _from), RocksKeys.Entry(Stream, _head.Epoch, 9, _to));
        _batch.Delete(RocksKeys.Snapshot(Stream, _head.Epoch, 4, _from));
        var (read, snapshot) = await MeanwhileAsync(() => _heads.Find(Stream)!.Put(10, _clock.NowMs, first: 9));
        Assert.Equal((ReadStatus.Trimmed, 0), (read.Status, read.Entries.Count));
        Assert.Equal(8, snapshot!.Position.Offset);
    }

    [Fact]
    public async Task A_stream_whose_deletion_may_have_failed_is_read_again()
    {
        DeleteRows();
        var (read, snapshot) = await MeanwhileAsync(_heads.Clear);
        Assert.Equal(LogRules.Unknown(Position.Start), read);
        Assert.Null(snapshot);
    }

    [Fact]
    public async Task Entries_that_are_missing_when_the_writer_is_done_were_lost()
    {
        DeleteRows();
        await Assert.ThrowsAsync<LogDamagedException>(() => MeanwhileAsync(() => { }));
        Assert.Throws<LogDamagedException>(() => _reader.Read(Stream, Position.Start, 100));
        Assert.Throws<LogDamagedException>(() => _reader.Snapshot(Stream, OlderOne));
    }

    private void DeleteRows() => _batch.DeleteRange(RocksKeys.LifeOf(Stream, _from), RocksKeys.After(Stream, _to));

    /// <summary>What readers of the first entries and of the older snapshot are told who came after the write and before it was published.</summary>
    private async Task<(ReadResult Read, LogSnapshot? Snapshot)> MeanwhileAsync(Action publish)
    {
        _heads.BeginTurn();
        _store.Write(_batch, 1);
        var read = Task.Run(() => _reader.Read(Stream, Position.Start, 100));
        var snapshot = Task.Run(() => _reader.Snapshot(Stream, OlderOne));
        await Task.WhenAny(read, snapshot, Task.Delay(TimeSpan.FromSeconds(0.2)));
        publish();
        _heads.EndTurn();
        return (await read.WaitAsync(Within), await snapshot.WaitAsync(Within));
    }
}
