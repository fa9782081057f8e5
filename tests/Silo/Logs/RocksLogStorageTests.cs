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
    private const long Hour = 3_600_000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RocksLog Open(int keepHours = 0) =>
        RocksLog.Open(new RocksLogOptions { Path = _folder.Path, KeepHours = keepHours }, TimeProvider.System, NullLogger<RocksLog>.Instance);

    private static async Task<string[]> TextsAsync(RocksLog log, string stream) =>
        [.. (await log.ReadAsync(stream, Position.Start, 10_000)).Entries
            .Select(entry => $"{entry.Position}@{entry.AtMs} {entry.Writer}:{entry.Number} {Encoding.UTF8.GetString(entry.Body.Span)}")];

    private static LogSnapshot SnapshotAt(Entry entry) => new(entry.Position, entry.AtMs, new byte[10]);

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        string[] before;
        List<Entry> entries;
        await using (var log = Open())
        {
            var a = new LogWriter(log, "a");
            entries = await a.AppendAsync(40);
            a.AtMs += 1000;
            a.BeginEpoch();
            entries.AddRange(await a.AppendAsync(20));
            Assert.True(await log.PutSnapshotAsync("a", LogHead.Of(entries[29]), SnapshotAt(entries[29])));
            Assert.True(await log.PutSnapshotAsync("a", LogHead.Of(entries[49]), SnapshotAt(entries[49])));
            before = await TextsAsync(log, "a");
        }

        for (var i = 0; i < 3; i++)
        {
            await using var log = Open();
            Assert.Equal(before, await TextsAsync(log, "a"));
            Assert.Equal(entries[49].Position, (await log.GetSnapshotAsync("a"))!.Position);
            Assert.Equal(entries[29].Position, (await log.GetSnapshotAsync("a", 0))!.Position);
            Assert.Equal(10, (await log.ReadAsync("a", entries[29].Position, 10)).Entries.Count);
            Assert.Equal(ReadStatus.OtherEpoch, (await log.ReadAsync("a", entries[39].Position with { Offset = 41 }, 1)).Status);
            Assert.Equal(Position.Start, (await log.ReadAsync("c", Position.Start, 1)).Head.Position);
            Assert.Equal(["a"], await log.ListAsync().ToListAsync());
        }
    }

    [Fact]
    public async Task The_fence_holds_after_a_restart()
    {
        var last = default(Entry);
        var head = LogHead.Empty;
        await using (var log = Open())
        {
            var writer = new LogWriter(log, "a");
            await writer.AppendAsync(4);
            head = writer.Head;
            await writer.AppendAsync(last = writer.Next());
        }

        await using var again = Open();
        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(last)), await again.AppendAsync("a", head, last));
        var next = new LogWriter(again, "a", "next");
        next.Follow(LogHead.Of(last));
        Assert.Equal(6, (await next.AppendAsync()).Position.Offset);
    }

    [Fact]
    public async Task A_deleted_stream_stays_deleted_and_begins_anew_after_a_restart()
    {
        await using (var log = Open())
        {
            await new LogWriter(log, "a").AppendAsync(3);
            await new LogWriter(log, "ab").AppendAsync(3);
            Assert.True(await log.DeleteAsync("a", null));
        }

        await using var again = Open();
        Assert.Equal(Position.Start, (await again.ReadAsync("a", Position.Start, 1)).Head.Position);
        Assert.Equal(3, (await TextsAsync(again, "ab")).Length);
        await new LogWriter(again, "a").AppendAsync(1);
        Assert.Single(await TextsAsync(again, "a"));
    }

    [Fact]
    public async Task What_is_asked_for_at_once_is_done_in_its_order_also_around_a_deletion()
    {
        List<Task> all = [];
        await using (var log = Open())
        {
            var expected = new List<(Task<AppendResult> Append, AppendStatus Status)>();
            for (var life = 0; life < 50; life++)
            {
                var (writer, head) = (new LogWriter(log, "a", $"w{life}"), LogHead.Empty);
                for (var i = 1; i <= 3; i++)
                {
                    var entry = writer.Next();
                    expected.Add((log.AppendAsync("a", head, entry).AsTask(), AppendStatus.Taken));
                    expected.Add((log.AppendAsync("a", head, entry).AsTask(), AppendStatus.Refused));
                    writer.Follow(head = LogHead.Of(entry));
                }

                all.Add(log.DeleteAsync("a", head).AsTask());
            }

            foreach (var (append, status) in expected) Assert.Equal(status, (await append).Status);
            foreach (var deletion in all.Cast<Task<bool>>()) Assert.True(await deletion);
            await new LogWriter(log, "a", "last").AppendAsync(2);
        }

        await using var again = Open();
        Assert.Equal(2, (await TextsAsync(again, "a")).Length);
    }

    [Fact]
    public async Task Only_entries_older_than_KeepHours_go_and_only_those_that_the_second_newest_snapshot_holds()
    {
        await using var log = Open(keepHours: 2);
        var writer = new LogWriter(log, "a");
        var old = (await writer.AppendAsync(10))[^1];
        writer.AtMs += Hour;
        await writer.AppendAsync(10);
        Assert.True(await log.PutSnapshotAsync("a", LogHead.Of(old), SnapshotAt(old)));
        writer.AtMs += Hour + 1;
        var head = await writer.AppendAsync();
        Assert.True(await log.PutSnapshotAsync("a", LogHead.Of(head), SnapshotAt(head)));

        Assert.Equal(ReadStatus.Trimmed, (await log.ReadAsync("a", old.Position with { Offset = 9 }, 1)).Status);
        Assert.Equal(11, (await log.ReadAsync("a", old.Position, 1)).Entries[0].Position.Offset);
    }

    [Fact]
    public async Task Without_KeepHours_a_snapshot_trims_nothing()
    {
        await using var log = Open();
        var writer = new LogWriter(log, "a");
        for (var i = 0; i < 3; i++)
        {
            var last = (await writer.AppendAsync(10))[^1];
            Assert.True(await log.PutSnapshotAsync("a", LogHead.Of(last), SnapshotAt(last)));
            writer.AtMs += 1L << 40;
        }

        Assert.Equal(30, (await TextsAsync(log, "a")).Length);
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
    public async Task Readers_find_every_entry_while_streams_come_and_go()
    {
        await using var log = Open();
        var churn = Task.Run(async () =>
        {
            for (var round = 0; round < 30; round++)
            {
                await new LogWriter(log, "passing").AppendAsync(10);
                Assert.True(await log.DeleteAsync("passing", null));
            }
        });
        var trims = Task.Run(async () =>
        {
            var writer = new LogWriter(log, "$trimmed");
            for (var round = 0; round < 80; round++)
            {
                var entries = await writer.AppendAsync(3);
                Assert.True(await log.PutSnapshotAsync("$trimmed", LogHead.Of(entries[1]), SnapshotAt(entries[1])));
            }
        });
        var appends = Task.Run(() => new LogWriter(log, "kept").AppendAsync(200));
        var all = Task.WhenAll(churn, trims, appends);

        while (!all.IsCompleted)
        {
            foreach (var stream in new[] { "kept", "passing" })
            {
                var read = await log.ReadAsync(stream, Position.Start, 10_000);
                Assert.Equal((ReadStatus.Ok, read.Head.Position.Offset), (read.Status, read.Entries.Count));
            }

            // Of two reads the second may find the position trimmed, and never a hole.
            if (await log.GetSnapshotAsync("$trimmed", 0) is not { } snapshot) continue;
            var tail = await log.ReadAsync("$trimmed", snapshot.Position, 100);
            if (tail.Status == ReadStatus.Ok) Assert.Equal(tail.Head.Position.Offset - snapshot.Position.Offset, tail.Entries.Count);
            else Assert.Equal(ReadStatus.Trimmed, tail.Status);
        }

        await all;
        Assert.Equal(200, (await TextsAsync(log, "kept")).Length);
    }

    [Fact]
    public async Task Closing_writes_what_was_queued()
    {
        List<Task<AppendResult>> appends;
        await using (var log = Open())
            appends = [.. Enumerable.Range(0, 200).Select(i => log.AppendAsync($"s{i}", LogHead.Empty, new LogWriter(log, $"s{i}").Next()).AsTask())];

        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendStatus.Taken, result.Status));
        await using var again = Open();
        Assert.Equal(200, (await again.ListAsync().ToListAsync()).Count);
    }

    [Fact]
    public async Task More_streams_than_a_page_of_the_list_are_all_listed()
    {
        var names = Enumerable.Range(0, 2500).Select(i => $"s{i}").ToArray();
        await using var log = Open();
        await Task.WhenAll(names.Select(name => new LogWriter(log, name).AppendAsync(1)));

        Assert.Equal(names.Order(StringComparer.Ordinal), (await log.ListAsync().ToListAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_damaged_stream_fails_alone_also_when_others_are_written_with_it()
    {
        await StoreDamagedAsync("a");
        await using var log = Open();
        List<Task<AppendResult>> damaged = [], sound = [];
        for (var i = 0; i < 200; i++)
        {
            sound.Add(log.AppendAsync($"b{i}", LogHead.Empty, new LogWriter(log, $"b{i}").Next()).AsTask());
            damaged.Add(log.AppendAsync("a", LogHead.Empty, new LogWriter(log, "a").Next()).AsTask());
        }

        Assert.All(await Task.WhenAll(sound), result => Assert.Equal(AppendStatus.Taken, result.Status));
        foreach (var append in damaged) await Assert.ThrowsAsync<LogDamagedException>(() => append);
    }

    [Fact]
    public async Task A_damaged_stream_can_be_deleted_whatever_its_head_and_begins_anew()
    {
        await StoreDamagedAsync("a");
        await using (var log = Open())
        {
            await Assert.ThrowsAsync<LogDamagedException>(() => log.ReadAsync("a", Position.Start, 1).AsTask());
            await Assert.ThrowsAsync<LogDamagedException>(() => log.DeleteAsync("a", new LogHead(new Position("e", 3), "w1", 3)).AsTask());
            Assert.Contains("a", await log.ListAsync().ToListAsync());
            Assert.True(await log.DeleteAsync("a", null));
            Assert.Equal(Position.Start, (await log.ReadAsync("a", Position.Start, 1)).Head.Position);
            await new LogWriter(log, "a").AppendAsync(1);
        }

        await using var again = Open();
        Assert.Single(await TextsAsync(again, "a"));
        Assert.Equal(3, (await TextsAsync(again, "ab")).Length);
    }

    [Fact]
    public async Task Of_many_streams_those_that_are_not_written_are_forgotten_in_memory_and_go_on_as_they_were()
    {
        const int Many = (2 * StreamHeads.Generation) + 100;
        await using (var log = Open())
        {
            var writers = Enumerable.Range(0, Many).Select(i => new LogWriter(log, $"s{i}")).ToArray();
            for (var round = 1; round <= 2; round++) await Task.WhenAll(writers.Select(writer => writer.AppendAsync()));
            for (var i = 0; i < Many; i += 500) Assert.Equal(2, (await TextsAsync(log, $"s{i}")).Length);
        }

        using var folder = DataFolder.Take(_folder.Path);
        using var store = RocksStore.Open(folder, TimeProvider.System, NullLogger.Instance);
        var heads = new StreamHeads(store);
        var used = heads.Find("s7");
        for (var i = 0; i < Many; i++)
        {
            Assert.Equal(2, heads.Find($"s{i}").Last.Position.Offset);
            Assert.Same(used, heads.Find("s7"));
            heads.Age();
        }

        Assert.InRange(heads.Count, StreamHeads.Generation, 2 * StreamHeads.Generation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_of_an_earlier_version_is_refused_in_one_line_and_not_repaired(bool hasMark)
    {
        await using (var log = Open()) await new LogWriter(log, "a").AppendAsync(3);
        var mark = Path.Combine(_folder.Path, "log.mark");
        if (hasMark) File.WriteAllBytes(mark, MarkOfFormat1(File.ReadAllText(mark)));
        else WriteGroupOfFormat1();

        foreach (var use in new Action[] { () => Open(), () => RocksRepair.Run(_folder.Path, _ => { }) })
        {
            var refused = Assert.Throws<LogRefusedException>(use);
            Assert.StartsWith($"{_folder.Path} was written by an earlier version", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refused.Message);
        }

        void WriteGroupOfFormat1()
        {
            File.Delete(mark);
            byte[] rest = [7, 0, 0, 0, 0, 0, 0, 0, 4, .. "name"u8];
            ChangeRows(batch => batch.Put(RocksKeys.Group, [.. BitConverter.GetBytes(Crc32C.Compute(rest, Crc32C.Compute(RocksKeys.Group))), .. rest]));
        }
    }

    private static byte[] MarkOfFormat1(string line)
    {
        var text = Encoding.ASCII.GetBytes(line.Replace("interactions-log 2", "interactions-log 1", StringComparison.Ordinal)[..^9]);
        return [.. text, .. Encoding.ASCII.GetBytes($"{Crc32C.Compute(text):x8}\n")];
    }

    // Its first row is lost, and so nothing is known of the rest.
    private async Task StoreDamagedAsync(string stream)
    {
        await using (var log = Open())
        {
            await new LogWriter(log, stream).AppendAsync(3);
            await new LogWriter(log, stream + "b").AppendAsync(3);
        }

        ChangeRows(batch => batch.Delete(RocksKeys.LifeOf(stream, new byte[RocksKeys.MaxBytes])));
    }

    private void ChangeRows(Action<RocksBatch> change)
    {
        using var database = RocksDatabase.Open(Path.Combine(_folder.Path, "log"), RocksSettings.Open);
        using var batch = new RocksBatch();
        change(batch);
        database.Write(batch);
    }
}
