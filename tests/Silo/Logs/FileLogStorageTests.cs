using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.File;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>What the file log alone promises: restarts, damage, space.</summary>
public sealed class FileLogStorageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SettableClock _clock = new();
    private readonly LinesLogger _logger = new();

    public void Dispose() => _folder.Dispose();

    private FileLog Open(long segmentBytes = 64 << 20, int keepHours = 0, FailingDisk? disk = null)
    {
        var options = new FileLogOptions { Path = _folder.Path, SegmentBytes = segmentBytes, KeepHours = keepHours };
        return disk is null ? FileLog.Open(options, _clock, _logger) : FileLog.Open(options, _clock, _logger, disk.Open);
    }

    private string[] Files(string extension) => [.. Directory.GetFiles(_folder.Path, "journal-*." + extension).Order()];

    private static AppendRequest Request(long sequence, string producer = "p1", int bytes = 20) =>
        new(producer, sequence - 1, sequence, Encoding.UTF8.GetBytes($"{producer}:{sequence}".PadRight(bytes, '.')));

    private static async Task<AppendResult> AppendAsync(FileLog log, string stream, int count, int after = 0, int bytes = 20)
    {
        AppendResult last = default;
        for (var i = 1; i <= count; i++) last = await log.AppendAsync(stream, Request(after + i, bytes: bytes));
        return last;
    }

    private static async Task<string[]> TextsAsync(FileLog log, string stream) =>
        [.. (await log.ReadAsync(stream, Position.Start, 10_000)).Entries.Select(entry => $"{entry.Position}@{entry.AtMs} {Encoding.UTF8.GetString(entry.Batch.Span)}")];

    private static LogSnapshot SnapshotAt(AppendResult result, int bytes = 10) => new(result.Position, result.AtMs, new byte[bytes]);

    [Theory]
    [InlineData(64 << 20, false)]
    [InlineData(1024, false)]
    [InlineData(1024, true)]
    public async Task Everything_is_there_after_a_restart_with_or_without_index_files(long segmentBytes, bool withoutIndex)
    {
        string[] before;
        AppendResult a, b;
        await using (var log = Open(segmentBytes))
        {
            a = await AppendAsync(log, "a", 40);
            b = await log.AppendAsync("b", Request(1, "p2"));
            Assert.True(await log.PutSnapshotAsync("a", SnapshotAt(a)));
            _clock.NowMs += 1000;
            a = await AppendAsync(log, "a", 20, after: 40);
            Assert.True(await log.PutSnapshotAsync("a", SnapshotAt(a)));
            await AppendAsync(log, "filler", 40);
            before = await TextsAsync(log, "a");
        }

        if (withoutIndex) Array.ForEach(Files("idx"), File.Delete);
        await using var again = Open(segmentBytes);

        Assert.Equal(segmentBytes < 2000, Files("log").Length > 3);
        Assert.Equal(Files("log").Length - 1, Files("idx").Length);
        Assert.Equal(before, await TextsAsync(again, "a"));
        Assert.Equal(a with { Status = AppendStatus.Repeated }, await again.AppendAsync("a", Request(60)));
        Assert.Equal(b with { Status = AppendStatus.Repeated }, await again.AppendAsync("b", Request(1, "p2")));
        Assert.Equal(a.Position, (await again.GetSnapshotAsync("a"))!.Position);
        Assert.Equal(40, (await again.GetSnapshotAsync("a", a.AtMs - 1))!.Position.Offset);
        Assert.False(await again.PutSnapshotAsync("a", SnapshotAt(a)));
        _clock.NowMs -= 5000;
        Assert.Equal((a.Position with { Offset = 61 }, a.AtMs), (await AppendAsync(again, "a", 1, after: 60)) is var next ? (next.Position, next.AtMs) : default);
    }

    [Fact]
    public async Task A_torn_end_is_cut_wherever_the_last_record_was_cut()
    {
        long whole;
        await using (var log = Open())
        {
            await AppendAsync(log, "a", 3);
            whole = new FileInfo(Files("log")[0]).Length;
            await AppendAsync(log, "a", 1, after: 3);
        }

        var bytes = await File.ReadAllBytesAsync(Files("log")[0]);
        for (var length = whole; length < bytes.Length; length++)
        {
            await File.WriteAllBytesAsync(Files("log")[0], bytes[..(int)length]);
            Array.ForEach(Files("torn"), File.Delete);
            _logger.Lines.Clear();

            await using var log = Open();

            Assert.Equal(3, (await TextsAsync(log, "a")).Length);
            Assert.Equal(whole, new FileInfo(Files("log")[0]).Length);
            if (length > whole)
            {
                Assert.Equal(bytes[(int)whole..(int)length], await File.ReadAllBytesAsync(Assert.Single(Files("torn"))));
                Assert.Contains(_logger.Lines, line => line.Contains($"{length - whole} bytes", StringComparison.Ordinal));
            }
            else
            {
                Assert.Empty(Files("torn"));
            }

            Assert.Equal(4, (await log.AppendAsync("a", Request(4))).Position.Offset);
        }
    }

    [Fact]
    public async Task Any_flipped_bit_of_the_last_record_cuts_it()
    {
        long whole;
        await using (var log = Open())
        {
            await AppendAsync(log, "a", 3);
            whole = new FileInfo(Files("log")[0]).Length;
            await AppendAsync(log, "a", 1, after: 3);
        }

        var bytes = await File.ReadAllBytesAsync(Files("log")[0]);
        for (var at = (int)whole; at < bytes.Length; at++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= (byte)(1 << (at % 8));
            await File.WriteAllBytesAsync(Files("log")[0], damaged);
            await using var log = Open();
            Assert.Equal(3, (await TextsAsync(log, "a")).Length);
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_a_sealed_segment_is_never_served_and_refuses_a_start_that_reads_it()
    {
        await using (var log = Open(1024)) await AppendAsync(log, "a", 60);
        var first = Files("log")[0];
        var bytes = await File.ReadAllBytesAsync(first);
        bytes[500] ^= 4;
        await File.WriteAllBytesAsync(first, bytes);

        await using (var log = Open(1024))
            await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.ReadAsync("a", Position.Start, 100));

        File.Delete(Files("idx")[0]);
        var refused = Assert.Throws<InvalidDataException>(() => Open(1024));
        Assert.Contains(first, refused.Message, StringComparison.Ordinal);
        bytes[500] ^= 4;
        await File.WriteAllBytesAsync(first, bytes);
        await using var repaired = Open(1024);
        Assert.Equal(60, (await TextsAsync(repaired, "a")).Length);
    }

    [Fact]
    public async Task A_damaged_index_file_is_made_again()
    {
        await using (var log = Open(1024)) await AppendAsync(log, "a", 60);
        var index = await File.ReadAllBytesAsync(Files("idx")[1]);
        index[40] ^= 1;
        await File.WriteAllBytesAsync(Files("idx")[1], index);

        await using var again = Open(1024);

        index[40] ^= 1;
        Assert.Equal(index, await File.ReadAllBytesAsync(Files("idx")[1]));
        Assert.Equal(60, (await TextsAsync(again, "a")).Length);
    }

    [Fact]
    public async Task A_deleted_stream_gives_its_segments_back_and_stays_deleted()
    {
        await using (var log = Open(1024))
        {
            await AppendAsync(log, "kept", 3);
            await AppendAsync(log, "gone", 100);
            await AppendAsync(log, "kept", 3, after: 3);
            Assert.True(Files("log").Length > 5);

            await log.DeleteAsync("gone");
            await AppendAsync(log, "kept", 1, after: 6);

            Assert.InRange(Files("log").Length, 2, 3);
        }

        for (var i = 0; i < 3; i++)
        {
            await using var again = Open(1024);
            Assert.Empty(await TextsAsync(again, "gone"));
            Assert.Equal(7 + i, (await TextsAsync(again, "kept")).Length);
            await AppendAsync(again, "kept", 1, after: 7 + i);
        }
    }

    [Fact]
    public async Task A_deletion_outlives_the_segment_that_it_was_written_to()
    {
        await using (var log = Open(1024))
        {
            // The first segment stays, because of "kept"; it also holds entries of "gone".
            await AppendAsync(log, "kept", 1);
            await AppendAsync(log, "gone", 3);
            await AppendAsync(log, "filler", 20);
            await log.DeleteAsync("gone");
            await AppendAsync(log, "filler", 40, after: 20);
            await log.DeleteAsync("filler");
            await AppendAsync(log, "kept", 1, after: 1);
            await AppendAsync(log, "more", 40);
            await log.DeleteAsync("more");
            await AppendAsync(log, "kept", 1, after: 2);
            Assert.InRange(Files("log").Length, 2, 4);
        }

        foreach (var index in Files("idx").Append(""))
        {
            await using var again = Open(1024);
            Assert.Empty(await TextsAsync(again, "gone"));
            Assert.Empty(await TextsAsync(again, "filler"));
            Assert.Empty(await TextsAsync(again, "more"));
            Assert.Equal(3, (await TextsAsync(again, "kept")).Length);
            if (index.Length > 0) File.Delete(index);
        }
    }

    [Fact]
    public async Task A_trimmed_stream_gives_its_segments_back()
    {
        await using var log = Open(1024);
        for (var i = 0; i < 20; i++)
        {
            var last = await AppendAsync(log, "$own", 10, after: i * 10);
            Assert.True(await log.PutSnapshotAsync("$own", SnapshotAt(last)));
        }

        Assert.InRange(Files("log").Length, 1, 5);
        Assert.Equal(ReadStatus.Ok, (await log.ReadAsync("$own", (await log.GetSnapshotAsync("$own", 0))!.Position, 10)).Status);
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
    public async Task A_second_log_on_the_same_folder_is_refused_with_the_folder_and_the_process()
    {
        await using (Open())
        {
            var refused = Assert.Throws<LogInUseException>(() => Open());
            Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        }

        await using var next = Open();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_takes_nothing_and_goes_on_when_there_is_room(bool atFlush)
    {
        var disk = new FailingDisk();
        AppendResult taken;
        await using (var log = Open(disk: disk))
        {
            await AppendAsync(log, "a", 3);
            (disk.WriteError, disk.FlushError) = atFlush ? (0, FailingDisk.NoSpace) : (FailingDisk.NoSpace, 0);
            var group = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
                Record.ExceptionAsync(async () => await log.AppendAsync(i % 2 == 0 ? "a" : "b", Request(i % 2 == 0 ? 4 : 1))).AsTask()));
            Assert.All(group, e => Assert.IsType<LogFullException>(e));
            Assert.Equal(3, (await TextsAsync(log, "a")).Length);
            Assert.Equal(Position.Start, (await log.ReadAsync("b", Position.Start, 1)).Head);

            (disk.WriteError, disk.FlushError) = (0, 0);
            taken = await log.AppendAsync("a", Request(4));
            Assert.Equal((AppendStatus.Taken, 4L), (taken.Status, taken.Position.Offset));
            Assert.Equal(1, (await log.AppendAsync("b", Request(1))).Position.Offset);
        }

        await using var again = Open();
        Assert.Empty(Files("torn"));
        Assert.Equal(4, (await TextsAsync(again, "a")).Length);
        Assert.Single(await TextsAsync(again, "b"));
        Assert.Equal(taken with { Status = AppendStatus.Repeated }, await again.AppendAsync("a", Request(4)));
    }

    [Fact]
    public async Task A_disk_error_leaves_the_outcome_open_and_is_cleaned_up_before_the_next_append()
    {
        var disk = new FailingDisk();
        await using (var log = Open(disk: disk))
        {
            await AppendAsync(log, "a", 3);
            disk.WriteError = FailingDisk.BrokenDevice;
            await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync("a", Request(4)));

            // Full, but what was written can't be taken back: then nobody may be told that nothing was taken.
            (disk.WriteError, disk.TruncateFails) = (FailingDisk.NoSpace, true);
            await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync("a", Request(4)));
            disk.WriteError = 0;
            await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync("a", Request(4)));

            disk.TruncateFails = false;
            Assert.Equal(4, (await log.AppendAsync("a", Request(4))).Position.Offset);
        }

        await using var again = Open();
        Assert.Equal(4, (await TextsAsync(again, "a")).Length);
        Assert.Empty(Files("torn"));
    }

    [Fact]
    public async Task Readers_find_every_entry_while_segments_are_begun_and_freed_under_them()
    {
        await using var log = Open(2048);
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

    private sealed class LinesLogger : ILogger<FileLog>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines) Lines.Add(formatter(state, exception));
        }
    }
}
