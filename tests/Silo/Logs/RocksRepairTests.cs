using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Directories;
using Interactions.Silo.Logs.Rocks;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>What a repair makes of streams that lost rows. Files that are damaged are the matter of EndToEnd/Damage.</summary>
public sealed class RocksRepairTests : IDisposable
{
    private static readonly byte[] Body = EntryCodec.Encode(new EntryBody(1, []));

    private readonly TempFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Missing_entries_are_replaced_by_empty_ones_and_a_new_epoch_begins()
    {
        var entries = await StoreAsync("a", 10);
        var others = await StoreAsync("ab", 10);
        Lose(batch => batch.Delete(EntryKey("a", entries[0], 5)));

        await using var log = Repair();

        var repaired = await ReadAsync(log, "a");
        Assert.Equal(11, repaired.Count);
        AssertSame([.. entries[..4], .. entries[5..]], [.. repaired[..4], .. repaired[5..10]]);
        AssertEmpty(repaired[4], entries[3].Position with { Offset = 5 });
        AssertOpens(repaired[10], entries[9]);
        Assert.Equal(ReadStatus.OtherEpoch, (await log.ReadAsync("a", entries[9].Position with { Offset = 11 }, 1)).Status);
        AssertSame(others, await ReadAsync(log, "ab"));
        Assert.Contains("Given up: 1 entries of a.", _said);
    }

    [Fact]
    public async Task A_stream_without_its_newest_entries_goes_on_behind_its_newest_snapshot()
    {
        var entries = await StoreAsync("a", 10, snapshots: [4, 9]);
        Lose(batch => batch.DeleteRange(EntryKey("a", entries[0], 7), EntryKey("a", entries[0], 11)));

        await using var log = Repair();

        var repaired = await ReadAsync(log, "a");
        AssertSame(entries[..6], repaired[..6]);
        for (var i = 6; i < 9; i++) AssertEmpty(repaired[i], entries[i].Position);
        AssertOpens(repaired[^1], entries[8]);
        AssertSame([repaired[^1]], await ReadAsync(log, "a", (await log.GetSnapshotAsync("a"))!.Position));
        Assert.Equal(entries[3].Position, (await log.GetSnapshotAsync("a", 0))!.Position);
    }

    [Fact]
    public async Task A_stream_without_its_first_entries_is_kept_from_where_a_snapshot_reaches()
    {
        var entries = await StoreAsync("a", 10, snapshots: [1, 5]);
        Lose(batch => batch.DeleteRange(EntryKey("a", entries[0], 1), EntryKey("a", entries[0], 4)));

        await using var log = Repair();

        Assert.Equal(ReadStatus.Trimmed, (await log.ReadAsync("a", Position.Start, 1)).Status);
        AssertSame(entries[5..], (await ReadAsync(log, "a", (await log.GetSnapshotAsync("a", 0))!.Position))[..5]);
    }

    [Fact]
    public async Task A_snapshot_alone_is_kept()
    {
        var entries = await StoreAsync("a", 10, snapshots: [4, 9]);
        Lose(batch => batch.DeleteRange(EntryKey("a", entries[0], 1), EntryKey("a", entries[0], 11)));

        await using var log = Repair();

        var snapshot = await log.GetSnapshotAsync("a");
        Assert.Equal(entries[8].Position, snapshot!.Position);
        AssertOpens(Assert.Single(await ReadAsync(log, "a", snapshot.Position)), entries[8]);
    }

    [Fact]
    public async Task A_stream_whose_first_row_is_lost_keeps_its_epochs_and_snapshots()
    {
        var entries = await StoreAsync("a", 10, snapshots: [4, 9], epochFrom: 6);
        Lose(batch => batch.Delete(LifeKey("a")));

        await using var log = Repair();

        var repaired = await ReadAsync(log, "a");
        AssertSame(entries, repaired[..10]);
        AssertOpens(repaired[10], entries[9]);
        AssertSame(repaired[5..], await ReadAsync(log, "a", entries[4].Position));
        Assert.Equal(entries[8].Position, (await log.GetSnapshotAsync("a"))!.Position);
    }

    [Fact]
    public async Task A_stream_with_neither_its_beginning_nor_a_snapshot_is_given_up()
    {
        var entries = await StoreAsync("a", 10);
        await StoreAsync("b", 10);
        Lose(batch => batch.Delete(EntryKey("a", entries[0], 1)));

        await using var log = Repair();

        Assert.Equal(["b"], await log.ListAsync().ToListAsync());
        Assert.Contains(_said, line => line.StartsWith("Nothing is left of a:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rows_of_a_deleted_stream_that_come_back_are_not_taken_for_those_of_the_next_with_its_name()
    {
        await StoreAsync("a", 10, snapshots: [4, 9]);
        var old = Rows();
        await using (var log = Open()) Assert.True(await log.DeleteAsync("a", null));
        var entries = await StoreAsync("a", 3, birth: 1);
        Lose(batch =>
        {
            foreach (var (key, value) in old) batch.Put(key, value);
            batch.Delete(LifeKey("a"));
        });

        await using var repaired = Repair();

        AssertSame(entries, (await ReadAsync(repaired, "a"))[..3]);
        Assert.Equal(4, (await ReadAsync(repaired, "a")).Count);
        Assert.Null(await repaired.GetSnapshotAsync("a"));
    }

    [Fact]
    public async Task A_repaired_stream_is_sound_and_goes_on_behind_the_entry_that_opened_the_epoch()
    {
        var entries = await StoreAsync("a", 10, snapshots: [4, 9]);
        Lose(batch => batch.Delete(EntryKey("a", entries[0], 7)));
        await using (var log = Repair())
        {
            var writer = new LogWriter(log, "a", "next");
            writer.Follow((await log.ReadAsync("a", Position.Start, 0)).Head);
            Assert.Equal(12, (await writer.AppendAsync()).Position.Offset);
        }

        _said.Clear();
        await using var again = Repair();
        Assert.Contains("is sound", Assert.Single(_said), StringComparison.Ordinal);
        Assert.Equal(12, (await ReadAsync(again, "a")).Count);
    }

    [Fact]
    public async Task A_partition_of_the_directory_gets_empty_entries_that_it_can_read()
    {
        var stream = DirectoryLog.NameOf(7);
        var entries = await StoreAsync(stream, 10);
        Lose(batch => batch.Delete(EntryKey(stream, entries[0], 5)));

        await using var log = Repair();

        var repaired = await ReadAsync(log, stream);
        Assert.All([repaired[4], repaired[10]], entry => Assert.Empty(DirectoryCodec.Decode(entry.Body)));
        Assert.Contains(_said, line => line.StartsWith("The directory of streams lost something", StringComparison.Ordinal));
    }

    private static void AssertEmpty(Entry entry, Position position)
    {
        Assert.Equal((position, "repair"), (entry.Position, entry.Writer));
        Assert.Empty(EntryCodec.Decode(entry.Body).Batches);
    }

    private static void AssertOpens(Entry entry, Entry last)
    {
        Assert.Equal((last.Position.Offset + 1, last.AtMs, "repair"), (entry.Position.Offset, entry.AtMs, entry.Writer));
        Assert.True(Epochs.CompareLives(entry.Position.Epoch, last.Position.Epoch) > 0, "The epoch is not a later one.");
        Assert.Empty(EntryCodec.Decode(entry.Body).Batches);
    }

    private static void AssertSame(IEnumerable<Entry> expected, IEnumerable<Entry> actual) =>
        Assert.Equal(expected.Select(entry => (entry.Position, entry.AtMs, entry.Writer, entry.Number)), actual.Select(entry => (entry.Position, entry.AtMs, entry.Writer, entry.Number)));

    private static async Task<List<Entry>> ReadAsync(RocksLog log, string stream, Position? after = null)
    {
        var read = await log.ReadAsync(stream, after ?? Position.Start, 1000);
        Assert.Equal(ReadStatus.Ok, read.Status);
        return [.. read.Entries];
    }

    private static byte[] LifeKey(string stream) => RocksKeys.LifeOf(stream, new byte[RocksKeys.MaxBytes]).ToArray();

    private static byte[] EntryKey(string stream, Entry first, long offset) =>
        RocksKeys.Entry(stream, first.Position.Epoch, offset, new byte[RocksKeys.MaxBytes]).ToArray();

    private RocksLog Open() => RocksLog.Open(new RocksLogOptions { Path = _folder.Path }, TimeProvider.System, NullLogger<RocksLog>.Instance);

    private RocksLog Repair()
    {
        RocksRepair.Run(_folder.Path, _said.Add);
        return Open();
    }

    /// <param name="stream">Its name.</param>
    /// <param name="count">How many entries.</param>
    /// <param name="snapshots">At which offsets.</param>
    /// <param name="epochFrom">The offset with which another epoch begins.</param>
    /// <param name="birth">How many lives it had before.</param>
    private async Task<List<Entry>> StoreAsync(string stream, int count, int[]? snapshots = null, long epochFrom = 0, int birth = 0)
    {
        await using var log = Open();
        var writer = new LogWriter(log, stream);
        for (var i = 0; i < birth; i++) writer.BeginEpoch();
        var entries = new List<Entry>();
        while (entries.Count < count)
        {
            if (entries.Count + 1 == epochFrom) writer.BeginEpoch();
            writer.AtMs += 10;
            entries.Add(writer.Next() with { Body = Body });
            Assert.Equal(AppendStatus.Taken, (await writer.AppendAsync(entries[^1])).Status);
        }

        foreach (var offset in snapshots ?? [])
            Assert.True(await log.PutSnapshotAsync(stream, LogHead.Of(entries[offset - 1]), new LogSnapshot(entries[offset - 1].Position, entries[offset - 1].AtMs, new byte[offset])));
        return entries;
    }

    private void Lose(Action<RocksBatch> change)
    {
        using var database = RocksDatabase.Open(Path.Combine(_folder.Path, "log"), RocksSettings.Open);
        using var batch = new RocksBatch();
        change(batch);
        database.Write(batch);
    }

    private List<(byte[] Key, byte[] Value)> Rows()
    {
        var rows = new List<(byte[] Key, byte[] Value)>();
        using var database = RocksDatabase.OpenToRead(Path.Combine(_folder.Path, "log"), RocksSettings.Open);
        RowWalk.Run(database, (key, value) => rows.Add((key, value)), (_, _) => { });
        return rows;
    }
}
