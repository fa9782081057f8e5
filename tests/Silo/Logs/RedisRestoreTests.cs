using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Redis;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>What happens to a stream when its Redis was started again, with all that it had, with less, or empty.</summary>
public sealed class RedisRestoreTests : IAsyncLifetime
{
    private readonly List<RedisLog> _logs = [];
    private RedisProcess _redis = null!;
    private RedisLog _log = null!;
    private LogWriter _writer = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _log = Open();
        _writer = new LogWriter(_log, "s");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs) await log.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task After_a_restart_appends_wait_for_the_holder_of_the_last_entry_also_if_nothing_was_lost()
    {
        var entries = await _writer.AppendAsync(3);

        await RestartAsync();

        var waiting = await AskAsync(() => _writer.AppendAsync(_writer.Next()));
        Assert.Equal(new AppendResult(AppendStatus.Restarted, LogHead.Of(entries[2])), waiting);
        Assert.Equal(AppendStatus.Taken, (await _log.RestoreAsync("s", null, null, [entries[2]])).Status);
        entries.Add(await _writer.AppendAsync("after"));
        Assert.Equal(entries.Select(Text), await ReadAsync());
    }

    [Fact]
    public async Task A_read_says_whether_the_server_was_started_again_since_the_last_append()
    {
        var entries = await _writer.AppendAsync(2);
        Assert.False((await _log.ReadAsync("s", Position.Start, 10)).IsRestarted);

        await RestartAsync();

        Assert.True((await AskAsync(() => _log.ReadAsync("s", Position.Start, 10).AsTask())).IsRestarted);
        Assert.True((await _log.ReadAsync("s", entries[1].Position, 0)).IsRestarted);
        Assert.False((await _log.ReadAsync("unknown", Position.Start, 10)).IsRestarted);
        await RestoreAsync(_log, null, entries);
        Assert.False((await _log.ReadAsync("s", Position.Start, 10)).IsRestarted);
    }

    [Fact]
    public async Task Lost_entries_are_restored_at_their_offsets_in_the_same_epoch()
    {
        var entries = await _writer.AppendAsync(5);
        var backup = _redis.Backup();
        entries.AddRange(await _writer.AppendAsync(4));

        await RestartAsync(backup);

        var waiting = await AskAsync(() => _writer.AppendAsync(_writer.Next()));
        Assert.Equal(new AppendResult(AppendStatus.Restarted, LogHead.Of(entries[4])), waiting);
        Assert.Equal(ReadStatus.OtherEpoch, (await _log.ReadAsync("s", entries[8].Position, 1)).Status);
        var restored = await _log.RestoreAsync("s", null, null, entries[2..]);
        Assert.Equal(new AppendResult(AppendStatus.Taken, LogHead.Of(entries[8])), restored);
        entries.Add(await _writer.AppendAsync("after"));
        Assert.Equal(entries.Select(Text), await ReadAsync());
        Assert.Equal(ReadStatus.Ok, (await _log.ReadAsync("s", entries[8].Position, 1)).Status);
    }

    [Fact]
    public async Task Lost_entries_of_several_epochs_are_restored_and_positions_of_the_earlier_ones_stay_good()
    {
        var entries = await _writer.AppendAsync(2);
        var backup = _redis.Backup();
        entries.AddRange(await _writer.AppendAsync(2));
        _writer.BeginEpoch();
        entries.AddRange(await _writer.AppendAsync(2));

        await RestartAsync(backup);
        Assert.Equal(AppendStatus.Taken, (await RestoreAsync(_log, null, entries)).Status);

        Assert.Equal(entries.Select(Text), await ReadAsync());
        Assert.Equal(["w1:5", "w1:6"], await ReadAsync(after: entries[3].Position));
        Assert.Equal(ReadStatus.OtherEpoch, (await _log.ReadAsync("s", entries[3].Position with { Offset = 5 }, 1)).Status);
    }

    [Fact]
    public async Task A_stream_that_is_gone_with_its_server_is_restored_from_its_first_entry()
    {
        var entries = await _writer.AppendAsync(3);

        await RestartEmptyAsync();

        Assert.Equal(new AppendResult(AppendStatus.Restarted, LogHead.Empty), await AskAsync(() => _writer.AppendAsync(_writer.Next())));
        Assert.Equal(AppendStatus.Refused, (await _log.RestoreAsync("s", null, null, entries[1..])).Status);
        Assert.Equal(AppendStatus.Taken, (await _log.RestoreAsync("s", null, null, entries)).Status);
        await _writer.AppendAsync("after");
        Assert.Equal(4, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task A_stream_that_is_gone_with_its_server_is_restored_from_a_snapshot_and_the_entries_after_it()
    {
        var entries = await _writer.AppendAsync(8);

        await RestartEmptyAsync();

        Assert.Equal(AppendStatus.Refused, (await RestoreAsync(_log, Snapshot(entries[2]), entries[5..])).Status);
        Assert.Equal(AppendStatus.Taken, (await _log.RestoreAsync("s", Snapshot(entries[5]), null, entries[5..])).Status);
        Assert.Equal(entries[5].Position, (await _log.GetSnapshotAsync("s"))!.Position);
        Assert.Equal(ReadStatus.Trimmed, (await _log.ReadAsync("s", entries[2].Position, 1)).Status);
        Assert.Equal(["w1:6", "w1:7", "w1:8"], await ReadAsync(after: entries[4].Position));
        await _writer.AppendAsync("after");
    }

    [Fact]
    public async Task A_hole_before_the_held_entries_is_bridged_by_the_snapshot_and_what_is_before_it_is_trimmed()
    {
        var entries = await _writer.AppendAsync(3);
        Assert.True(await _log.PutSnapshotAsync("s", LogHead.Of(entries[1]), Snapshot(entries[1])));
        var backup = _redis.Backup();
        entries.AddRange(await _writer.AppendAsync(5));

        await RestartAsync(backup);

        Assert.Equal(AppendStatus.Refused, (await RestoreAsync(_log, null, entries[6..])).Status);
        Assert.Equal(AppendStatus.Taken, (await _log.RestoreAsync("s", Snapshot(entries[5]), null, entries[6..])).Status);
        Assert.Equal(entries[5].Position, (await _log.GetSnapshotAsync("s", notAfterMs: 0))!.Position);
        Assert.Equal(ReadStatus.Trimmed, (await _log.ReadAsync("s", entries[2].Position, 1)).Status);
        Assert.Equal(["w1:7", "w1:8"], await ReadAsync(after: entries[5].Position));
    }

    [Fact]
    public async Task The_first_who_restores_wins()
    {
        var entries = await _writer.AppendAsync(2);
        var backup = _redis.Backup();
        entries.AddRange(await _writer.AppendAsync(2));
        await RestartAsync(backup);
        var other = Open();

        Assert.Equal(AppendStatus.Taken, (await RestoreAsync(other, null, entries[..3])).Status);

        var late = await RestoreAsync(_log, null, entries);
        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(entries[2])), late);
    }

    [Fact]
    public async Task Of_many_who_restore_at_once_one_wins()
    {
        string[] streams = [.. Enumerable.Range(0, 20).Select(i => $"s{i}")];
        var writers = streams.ToDictionary(stream => stream, stream => new LogWriter(_log, stream));
        var entries = new Dictionary<string, List<Entry>>();
        foreach (var stream in streams) entries[stream] = await writers[stream].AppendAsync(2);
        var backup = _redis.Backup();
        foreach (var stream in streams) entries[stream].AddRange(await writers[stream].AppendAsync(3));
        await RestartAsync(backup);
        RedisLog[] logs = [Open(), Open(), Open()];

        var restores = streams.SelectMany(stream => logs.Select((log, i) => Task.Run(async () =>
            (Stream: stream, Result: await log.RestoreAsync(stream, null, null, entries[stream][..(3 + i)])))));
        var results = await Task.WhenAll(restores);

        foreach (var of in results.GroupBy(result => result.Stream))
        {
            var won = Assert.Single(of, one => one.Result.Status == AppendStatus.Taken).Result.Head;
            Assert.All(of, one => Assert.Equal(won, one.Result.Head));
            Assert.Equal(won, (await AskAsync(() => _log.ReadAsync(of.Key, Position.Start, 0).AsTask())).Head);
        }
    }

    [Theory]
    [InlineData("", "2", "w1", "", true)]
    [InlineData(null, "1", "w1", "", true)]
    [InlineData(null, "2", "w2", "", true)]
    [InlineData(null, "2", "w1", "e9 ", true)]
    [InlineData(null, "2", "w1", "", false)]
    public async Task A_restore_changes_nothing_when_the_stream_is_not_as_it_was_seen(string? epoch, string offset, string writer, string gone, bool isRestarted)
    {
        var entries = await _writer.AppendAsync(2);
        if (isRestarted) await RestartAsync();
        await using var server = RedisServer.Connect(new RedisLogOptions(_redis.Address), TimeProvider.System, NullLogger.Instance);
        var next = _writer.Next();

        var done = await server.RunAsync(
            RedisScript.Restore, [RedisKeys.Meta("s"), RedisKeys.Entries("s"), RedisKeys.Snapshots("s"), RedisKeys.Gone("s")], CancellationToken.None,
            epoch ?? next.Position.Epoch, offset, writer, 2, gone, 0, "", "", next.Position.Epoch, 3, "", next.Writer, next.Number, 3, RedisEntry.Header(next), next.Body);

        Assert.Equal(0, (int)done);
        Assert.Equal(entries.Select(Text), await AskAsync(() => ReadAsync()));
    }

    [Fact]
    public async Task A_new_epoch_opened_by_someone_who_holds_nothing_wins_over_a_later_restore()
    {
        var entries = await _writer.AppendAsync(2);
        var backup = _redis.Backup();
        entries.AddRange(await _writer.AppendAsync(2));
        await RestartAsync(backup);
        var other = new LogWriter(_log, "s", "w2") { AtMs = LogWriter.StartMs + 1000 };
        other.Follow(LogHead.Of(entries[1]));

        Assert.Equal(AppendStatus.Restarted, (await AskAsync(() => other.AppendAsync(other.Next()))).Status);
        other.BeginEpoch();
        var opened = await other.AppendAsync("opened");

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(opened)), await _log.RestoreAsync("s", null, null, entries));
        Assert.Equal(AppendStatus.Refused, (await _writer.AppendAsync(_writer.Next())).Status);
        Assert.Equal(["w1:1", "w1:2", "opened"], await ReadAsync());
    }

    [Fact]
    public async Task An_entry_that_was_stored_before_its_answer_was_lost_is_refused_as_its_writers_own()
    {
        await _writer.AppendAsync(2);
        var before = _writer.Head;
        var entry = await _writer.AppendAsync("unanswered");
        await RestartAsync();

        var again = await AskAsync(() => _log.AppendAsync("s", before, entry).AsTask());

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(entry)), again);
    }

    [Fact]
    public async Task Entries_of_another_attempt_than_the_stored_one_are_not_restored()
    {
        var entries = await _writer.AppendAsync(3);
        await RestartAsync();

        var fork = entries[2] with { Writer = "w9" };
        var refused = await RestoreAsync(_log, null, [fork, entries[2] with { Writer = "w9", Position = fork.Position with { Offset = 4 } }]);

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(entries[2])), refused);
    }

    [Fact]
    public async Task Who_slept_while_another_restored_less_and_wrote_at_the_same_position_is_refused()
    {
        var (entries, fork) = await ForkAsync();

        Assert.Equal(_writer.Head.Position, fork.Position);
        var refused = new AppendResult(AppendStatus.Refused, LogHead.Of(fork));
        Assert.Equal(refused, await _writer.AppendAsync(_writer.Next()));
        Assert.False(await _log.PutSnapshotAsync("s", LogHead.Of(entries[^1]), Snapshot(entries[^1])));
        Assert.False(await _log.DeleteAsync("s", _writer.Head));
        await RestartAsync();
        Assert.Equal(refused, await AskAsync(() => _writer.AppendAsync(_writer.Next())));
        _writer.BeginEpoch();
        Assert.Equal(refused, await _writer.AppendAsync(_writer.Next()));
        Assert.Equal(["w1:1", "w1:2", "fork"], await ReadAsync());
    }

    [Fact]
    public async Task What_followed_on_another_entry_than_the_store_has_is_not_restored()
    {
        var (entries, fork) = await ForkAsync();
        var later = _writer.Next();
        await RestartAsync();

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(fork)), await RestoreAsync(_log, Snapshot(later), [later], LogHead.Of(entries[^1])));
        Assert.Equal(["w1:1", "w1:2", "fork"], await ReadAsync());
    }

    [Fact]
    public async Task Who_was_overtaken_before_the_restart_is_refused()
    {
        await _writer.AppendAsync(2);
        var other = new LogWriter(_log, "s", "w2") { AtMs = LogWriter.StartMs + 1000 };
        other.Follow(_writer.Head);
        await other.AppendAsync();
        await RestartAsync();
        Assert.Equal(AppendStatus.Refused, (await AskAsync(() => _writer.AppendAsync(_writer.Next()))).Status);

        other.BeginEpoch();
        await other.AppendAsync();
        await RestartAsync();
        Assert.Equal(AppendStatus.Refused, (await AskAsync(() => _writer.AppendAsync(_writer.Next()))).Status);
    }

    [Fact]
    public async Task Nothing_is_restored_into_a_server_that_was_not_started_again()
    {
        var entries = await _writer.AppendAsync(3);
        var next = _writer.Next();

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(entries[2])), await _log.RestoreAsync("s", null, null, [.. entries, next]));
        Assert.Equal(3, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task A_deleted_stream_does_not_come_back()
    {
        var entries = await _writer.AppendAsync(3);
        Assert.True(await _log.DeleteAsync("s", LogHead.Of(entries[2])));

        await AssertStaysGoneAsync(entries);
        await RestartAsync();
        await AssertStaysGoneAsync(entries);
    }

    [Fact]
    public async Task A_deletion_after_the_server_came_back_empty_ends_the_epoch_that_its_caller_knew()
    {
        var entries = await _writer.AppendAsync(3);
        await RestartEmptyAsync();

        Assert.True(await AskAsync(() => _log.DeleteAsync("s", LogHead.Of(entries[2])).AsTask()));

        await AssertStaysGoneAsync(entries);
    }

    [Fact]
    public async Task What_was_deleted_does_not_come_back_into_the_stream_that_has_its_name_now()
    {
        var old = await _writer.AppendAsync(5);
        await _log.DeleteAsync("s", null);
        var now = new LogWriter(_log, "s", "w2");
        var first = await now.AppendAsync("new");
        await RestartAsync();

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(first)), await RestoreAsync(_log, Snapshot(old[2]), old[3..]));
        Assert.Equal(AppendStatus.Refused, (await _writer.AppendAsync(_writer.Next())).Status);
        Assert.Equal(AppendStatus.Taken, (await _log.RestoreAsync("s", null, null, [first])).Status);
    }

    private async Task AssertStaysGoneAsync(List<Entry> entries)
    {
        var gone = new AppendResult(AppendStatus.Refused, LogHead.Empty);
        Assert.Equal(gone, await AskAsync(() => _writer.AppendAsync(_writer.Next())));
        Assert.Equal(gone, await _log.AppendAsync("s", LogHead.Empty, entries[0]));
        var later = _writer.Next() with { Position = new Position(Epochs.New(LogWriter.StartMs + 1000), _writer.Head.Position.Offset + 1) };
        Assert.Equal(gone, await _writer.AppendAsync(later));
        Assert.Equal(gone, await _log.RestoreAsync("s", Snapshot(entries[1]), null, entries));
        Assert.Equal(Position.Start, (await _log.ReadAsync("s", Position.Start, 1)).Head.Position);
    }

    // The store loses the last of three entries; another writer, which held the first two, writes one in its place.
    private async Task<(List<Entry> Entries, Entry Fork)> ForkAsync()
    {
        var entries = await _writer.AppendAsync(2);
        var backup = _redis.Backup();
        var other = new LogWriter(_log, "s", "w2");
        other.Follow(_writer.Head);
        entries.AddRange(await _writer.AppendAsync(1));
        await RestartAsync(backup);
        Assert.Equal(AppendStatus.Taken, (await RestoreAsync(_log, null, entries[..2])).Status);
        return (entries, await other.AppendAsync("fork"));
    }

    private static string Text(Entry entry) => Encoding.UTF8.GetString(entry.Body.Span);

    private static LogSnapshot Snapshot(Entry entry) => new(entry.Position, entry.AtMs, Encoding.UTF8.GetBytes($"state {entry.Position.Offset}"));

    private static Task<T> AskAsync<T>(Func<Task<T>> ask) => RedisRetry.UntilAnsweredAsync(ask);

    private static Task<AppendResult> RestoreAsync(RedisLog log, LogSnapshot? snapshot, IReadOnlyList<Entry> entries, LogHead? before = null) =>
        AskAsync(() => log.RestoreAsync("s", snapshot, before, entries).AsTask());

    private async Task<List<string>> ReadAsync(Position? after = null)
    {
        var read = await _log.ReadAsync("s", after ?? Position.Start, 100);
        Assert.Equal(ReadStatus.Ok, read.Status);
        return [.. read.Entries.Select(Text)];
    }

    // kill -9; it comes back with what was on its disk, or with what was there earlier.
    private async Task RestartAsync(string? backup = null)
    {
        await _redis.KillAsync();
        if (backup is not null) _redis.RestoreFrom(backup);
        await _redis.StartAgainAsync();
    }

    private async Task RestartEmptyAsync()
    {
        await _redis.KillAsync();
        Directory.Delete(Path.Combine(_redis.Folder, "appendonlydir"), recursive: true);
        await _redis.StartAgainAsync();
    }

    private RedisLog Open()
    {
        var log = RedisLog.Open(new RedisLogOptions(_redis.Address) { AnswerWithin = TimeSpan.FromSeconds(20) }, TimeProvider.System, NullLogger<RedisLog>.Instance);
        _logs.Add(log);
        return log;
    }
}
