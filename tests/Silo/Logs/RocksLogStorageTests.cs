using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Rocks;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>What the log in a folder alone promises: restarts, room, and that one process has it.</summary>
public sealed class RocksLogStorageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SettableClock _clock = new();

    public void Dispose() => _folder.Dispose();

    private RocksLog Open(int keepHours = 0) =>
        RocksLog.Open(new RocksLogOptions { Path = _folder.Path, KeepHours = keepHours }, _clock, NullLogger<RocksLog>.Instance);

    private static AppendRequest Request(long sequence, string producer = "p1", int bytes = 20) =>
        new(producer, sequence - 1, sequence, Encoding.UTF8.GetBytes($"{producer}:{sequence}".PadRight(bytes, '.')));

    private static async Task<AppendResult> AppendAsync(RocksLog log, string stream, int count, int after = 0, int bytes = 20)
    {
        AppendResult last = default;
        for (var i = 1; i <= count; i++) last = await log.AppendAsync(stream, Request(after + i, bytes: bytes));
        return last;
    }

    private static async Task<string[]> TextsAsync(RocksLog log, string stream) =>
        [.. (await log.ReadAsync(stream, Position.Start, 10_000)).Entries.Select(entry => $"{entry.Position}@{entry.AtMs} {Encoding.UTF8.GetString(entry.Batch.Span)}")];

    private static LogSnapshot SnapshotAt(AppendResult result, int bytes = 10) => new(result.Position, result.AtMs, new byte[bytes]);

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        string[] before;
        AppendResult a, b;
        await using (var log = Open())
        {
            a = await AppendAsync(log, "a", 40);
            b = await log.AppendAsync("b", Request(1, "p2"));
            Assert.True(await log.PutSnapshotAsync("a", SnapshotAt(a)));
            _clock.NowMs += 1000;
            a = await AppendAsync(log, "a", 20, after: 40);
            Assert.True(await log.PutSnapshotAsync("a", SnapshotAt(a)));
            before = await TextsAsync(log, "a");
        }

        for (var i = 0; i < 3; i++)
        {
            await using var log = Open();
            Assert.Equal(before, await TextsAsync(log, "a"));
            Assert.Equal(a.Position, (await log.GetSnapshotAsync("a"))!.Position);
            Assert.Equal(40, (await log.GetSnapshotAsync("a", 0))!.Position.Offset);
            Assert.Equal(a with { Status = AppendStatus.Repeated }, await log.AppendAsync("a", Request(60)));
            Assert.Equal(b with { Status = AppendStatus.Repeated }, await log.AppendAsync("b", Request(1, "p2")));
            Assert.Equal(AppendStatus.Refused, (await log.AppendAsync("a", Request(59))).Status);
            Assert.Equal(Position.Start, (await log.ReadAsync("c", Position.Start, 1)).Head);
        }
    }

    [Fact]
    public async Task A_deleted_stream_stays_deleted_and_spares_those_whose_names_begin_alike()
    {
        string epoch;
        await using (var log = Open())
        {
            epoch = (await AppendAsync(log, "a", 3)).Position.Epoch;
            await AppendAsync(log, "ab", 3);
            await AppendAsync(log, "A", 3);
            await log.DeleteAsync("a");
        }

        await using var again = Open();
        Assert.Equal(Position.Start, (await again.ReadAsync("a", Position.Start, 1)).Head);
        Assert.Equal(3, (await TextsAsync(again, "ab")).Length);
        Assert.Equal(3, (await TextsAsync(again, "A")).Length);
        var anew = await again.AppendAsync("a", Request(1));
        Assert.Equal(1, anew.Position.Offset);
        Assert.NotEqual(epoch, anew.Position.Epoch);
    }

    [Fact]
    public async Task Of_more_producers_than_are_remembered_those_that_appended_last_are_after_a_restart()
    {
        await using (var log = Open())
        {
            for (var i = 0; i < 300; i++) await log.AppendAsync("a", Request(1, $"p{i}"));
        }

        await using var again = Open();
        Assert.Equal(AppendStatus.Repeated, (await again.AppendAsync("a", Request(1, "p299"))).Status);
        Assert.Equal(AppendStatus.Repeated, (await again.AppendAsync("a", Request(1, "p44"))).Status);
        Assert.Equal(AppendStatus.Taken, (await again.AppendAsync("a", Request(1, "p0"))).Status);
    }

    [Fact]
    public async Task Only_entries_older_than_KeepHours_go_and_only_those_that_the_second_newest_snapshot_holds()
    {
        await using var log = Open(keepHours: 2);
        var first = await AppendAsync(log, "a", 10);
        _clock.NowMs += 3_600_000;
        await AppendAsync(log, "a", 10, after: 10);
        await log.PutSnapshotAsync("a", SnapshotAt(first));
        _clock.NowMs += 3_600_001;
        await log.PutSnapshotAsync("a", SnapshotAt(await AppendAsync(log, "a", 1, after: 20)));

        Assert.Equal(ReadStatus.Trimmed, (await log.ReadAsync("a", first.Position with { Offset = 9 }, 1)).Status);
        Assert.Equal(11, (await log.ReadAsync("a", first.Position, 1)).Entries[0].Position.Offset);
    }

    [Fact]
    public async Task Without_KeepHours_a_snapshot_trims_nothing()
    {
        await using var log = Open();
        await log.PutSnapshotAsync("a", SnapshotAt(await AppendAsync(log, "a", 10)));
        _clock.NowMs += 1L << 40;
        await log.PutSnapshotAsync("a", SnapshotAt(await AppendAsync(log, "a", 10, after: 10)));

        Assert.Equal(20, (await TextsAsync(log, "a")).Length);
    }

    [Fact]
    public async Task A_second_log_on_the_same_folder_is_refused_with_the_folder_and_the_process_also_when_its_files_are_gone()
    {
        await using (Open())
        {
            for (var i = 0; i < 2; i++)
            {
                var refused = Assert.Throws<LogRefusedException>(() => Open());
                Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
                if (i == 0) Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
                File.Delete(Path.Combine(_folder.Path, "log.mark"));
                File.Delete(Path.Combine(_folder.Path, "log", "LOCK"));
            }
        }
    }

    [Fact]
    public async Task Readers_find_every_entry_while_streams_come_and_go_beside_it()
    {
        await using var log = Open();
        var done = false;
        var churn = Task.Run(async () =>
        {
            for (var round = 0; round < 60; round++)
            {
                await AppendAsync(log, "passing", 30);
                await log.DeleteAsync("passing");
            }

            Volatile.Write(ref done, true);
        });
        var appends = Task.Run(() => AppendAsync(log, "kept", 500));

        while (!Volatile.Read(ref done))
        {
            var kept = await log.ReadAsync("kept", Position.Start, 10_000);
            Assert.Equal(kept.Head.Offset, kept.Entries.Count);
            var passing = await log.ReadAsync("passing", Position.Start, 100);
            Assert.Equal((ReadStatus.Ok, passing.Head.Offset), (passing.Status, passing.Entries.Count));
        }

        await Task.WhenAll(churn, appends);
        Assert.Equal(500, (await TextsAsync(log, "kept")).Length);
    }

    [Fact]
    public async Task Closing_writes_what_was_queued()
    {
        List<Task<AppendResult>> appends;
        await using (var log = Open())
            appends = [.. Enumerable.Range(0, 200).Select(i => log.AppendAsync("a", Request(1, $"p{i}")).AsTask())];

        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendStatus.Taken, result.Status));
        await using var again = Open();
        Assert.Equal(200, (await TextsAsync(again, "a")).Length);
    }

    [Fact]
    public async Task A_damaged_stream_fails_alone_also_when_others_are_written_with_it()
    {
        await StoreDamagedAsync("a");
        await using var log = Open();
        List<Task<AppendResult>> damaged = [], sound = [];
        for (var i = 0; i < 200; i++)
        {
            sound.Add(log.AppendAsync("b", Request(1, $"p{i}")).AsTask());
            damaged.Add(log.AppendAsync("a", Request(1, $"p{i}")).AsTask());
        }

        Assert.All(await Task.WhenAll(sound), result => Assert.Equal(AppendStatus.Taken, result.Status));
        foreach (var append in damaged) await Assert.ThrowsAsync<LogDamagedException>(() => append);
        Assert.Equal(200, (await TextsAsync(log, "b")).Length);
    }

    [Fact]
    public async Task A_damaged_stream_can_be_deleted_and_begins_anew()
    {
        await StoreDamagedAsync("a");
        await using (var log = Open())
        {
            await Assert.ThrowsAsync<LogDamagedException>(() => log.ReadAsync("a", Position.Start, 1).AsTask());
            await log.DeleteAsync("a");
            Assert.Equal(Position.Start, (await log.ReadAsync("a", Position.Start, 1)).Head);
            Assert.Equal(1, (await log.AppendAsync("a", Request(1))).Position.Offset);
        }

        await using var again = Open();
        Assert.Single(await TextsAsync(again, "a"));
        Assert.Equal(3, (await TextsAsync(again, "ab")).Length);
    }

    [Fact]
    public async Task Of_many_streams_those_that_nobody_tails_are_forgotten_in_memory_and_go_on_as_they_were()
    {
        const int Many = StreamHeads.KeepAtLeast + 100;
        await using var log = Open();
        for (var round = 1; round <= 2; round++)
        {
            var sequence = round;
            var appends = Enumerable.Range(0, Many).Select(i => log.AppendAsync($"s{i}", Request(sequence)).AsTask()).ToArray();
            Assert.All(await Task.WhenAll(appends), result => Assert.Equal((AppendStatus.Taken, sequence), (result.Status, (int)result.Position.Offset)));
        }

        for (var i = 0; i < Many; i += 50)
        {
            Assert.Equal(AppendStatus.Repeated, (await log.AppendAsync($"s{i}", Request(2))).Status);
            Assert.Equal(2, (await TextsAsync(log, $"s{i}")).Length);
        }
    }

    [Fact]
    public async Task Heads_of_streams_that_are_tailed_stay_in_memory()
    {
        const int Many = StreamHeads.KeepAtLeast + 100;
        await using (var log = Open())
            await Task.WhenAll(Enumerable.Range(0, Many).Select(i => log.AppendAsync($"s{i}", Request(1)).AsTask()));

        using var folder = DataFolder.Take(_folder.Path);
        using var store = RocksStore.Open(folder, _clock, NullLogger.Instance);
        var heads = new StreamHeads(store);
        var tailed = heads.Find("s7");
        heads.Trim(_ => false);
        Assert.Equal(1, heads.Count); // there are few
        for (var i = 0; i < Many; i++) Assert.NotNull(heads.Find($"s{i}"));
        var other = heads.Find("s8");
        heads.Trim(stream => stream == "s7");
        Assert.Equal(1, heads.Count);
        Assert.Same(tailed, heads.Find("s7"));
        Assert.NotSame(other, heads.Find("s8"));
        Assert.Equal(other!.Range, heads.Find("s8")!.Range);
    }

    // Its first row is lost, and so nothing is known of the rest.
    private async Task StoreDamagedAsync(string stream)
    {
        await using (var log = Open())
        {
            await AppendAsync(log, stream, 3);
            await AppendAsync(log, stream + "b", 3);
        }

        using var database = RocksDatabase.Open(Path.Combine(_folder.Path, "log"), RocksSettings.Open);
        using var batch = new RocksBatch();
        batch.Delete(RocksKeys.LifeOf(stream, stackalloc byte[RocksKeys.MaxBytes]));
        database.Write(batch);
    }
}
