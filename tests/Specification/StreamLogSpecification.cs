using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Xunit;

namespace Interactions.Tests.Specification;

/// <summary>What every <see cref="IStreamLog"/> promises. A log's tests derive from this and open it.</summary>
public abstract class StreamLogSpecification : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private IStreamLog? _log;

    protected SettableClock Clock { get; } = new();

    protected IStreamLog Log => _log!;

    /// <summary>A stream name that is new to the store, however long the store lives.</summary>
    protected string Stream { get; } = "s" + Epochs.New();

    protected abstract ValueTask<IStreamLog> OpenAsync(TimeProvider time);

    /// <summary>Makes the log drop what it may drop after the second snapshot of a stream. Logs trim the service's own streams by themselves.</summary>
    protected virtual ValueTask TrimAsync(string stream) => default;

    public async ValueTask InitializeAsync() => _log = await OpenAsync(Clock);

    public virtual async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static AppendRequest Request(long sequence, string producer = "p1", long? previous = null, string text = "", long notBeforeMs = 0) =>
        new(producer, previous ?? sequence - 1, sequence, Encoding.UTF8.GetBytes($"{producer}:{sequence}{text}"), notBeforeMs);

    protected async Task<AppendResult[]> AppendAsync(int count, string? stream = null, string producer = "p1", long after = 0)
    {
        var results = new AppendResult[count];
        for (var i = 0; i < count; i++) results[i] = await Log.AppendAsync(stream ?? Stream, Request(after + i + 1, producer));
        return results;
    }

    protected async Task<List<Entry>> ReadAllAsync(string stream, Position? after = null)
    {
        var entries = new List<Entry>();
        var position = after ?? Position.Start;
        while (true)
        {
            var read = await Log.ReadAsync(stream, position, 100);
            Assert.Equal(ReadStatus.Ok, read.Status);
            entries.AddRange(read.Entries);
            if (read.Entries.Count == 0 || read.Entries[^1].Position == read.Head) return entries;
            position = read.Entries[^1].Position;
        }
    }

    protected static string Text(Entry entry) => Encoding.UTF8.GetString(entry.Batch.Span);

    protected static async Task<T> InTime<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{what} did not come.");
        }
    }

    protected async Task<List<Entry>> TailAsync(Position after, int count, Func<int, Task>? onEntry = null, string? stream = null)
    {
        var entries = new List<Entry>();
        await foreach (var entry in Log.TailAsync(stream ?? Stream, after))
        {
            entries.Add(entry);
            if (onEntry is not null) await onEntry(entries.Count);
            if (entries.Count == count) break;
        }

        return entries;
    }

    private static void AssertDense(List<Entry> entries, long first = 1)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            Assert.Equal(first + i, entries[i].Position.Offset);
            Assert.Equal(entries[0].Position.Epoch, entries[i].Position.Epoch);
            if (i > 0) Assert.True(entries[i].AtMs >= entries[i - 1].AtMs, "Log time went back.");
        }
    }

    [Fact]
    public async Task Entries_are_read_in_the_order_of_their_appends_with_dense_offsets()
    {
        var results = await AppendAsync(250);

        var entries = await ReadAllAsync(Stream);

        Assert.Equal(250, entries.Count);
        AssertDense(entries);
        Assert.Equal(results.Select(result => result.Position), entries.Select(entry => entry.Position));
        Assert.Equal(results.Select(result => result.AtMs), entries.Select(entry => entry.AtMs));
        Assert.All(entries, entry => Assert.Equal(("p1", $"p1:{entry.Sequence}"), (entry.Producer, Text(entry))));
        Assert.All(results, result => Assert.Equal(AppendStatus.Taken, result.Status));
    }

    [Fact]
    public async Task A_read_starts_directly_after_the_position_and_ends_at_the_maximum()
    {
        var results = await AppendAsync(20);

        var read = await Log.ReadAsync(Stream, results[6].Position, 5);

        Assert.Equal([8, 9, 10, 11, 12], read.Entries.Select(entry => entry.Position.Offset));
        Assert.Equal(results[^1].Position, read.Head);
        var atHead = await Log.ReadAsync(Stream, read.Head, 5);
        Assert.Equal(ReadStatus.Ok, atHead.Status);
        Assert.Empty(atHead.Entries);
    }

    [Fact]
    public async Task The_last_sequence_again_gets_the_first_answer_and_adds_nothing()
    {
        await AppendAsync(3);
        Clock.NowMs += 1000;
        var first = await Log.AppendAsync(Stream, Request(4));
        Clock.NowMs += 1000;
        await AppendAsync(2, producer: "p2");

        var again = await Log.AppendAsync(Stream, Request(4, text: " in other words"));

        Assert.Equal(first with { Status = AppendStatus.Repeated }, again);
        Assert.Equal(6, (await ReadAllAsync(Stream)).Count);
    }

    [Fact]
    public async Task An_append_that_does_not_continue_the_chain_is_refused_with_the_last_sequence_held()
    {
        await AppendAsync(3);

        var gap = await Log.AppendAsync(Stream, Request(6, previous: 5));
        var old = await Log.AppendAsync(Stream, Request(2));
        var stranger = await Log.AppendAsync(Stream, Request(9, "p9", previous: 8));
        var jump = await Log.AppendAsync(Stream, Request(10, previous: 3));

        Assert.Equal((AppendStatus.Refused, 3L), (gap.Status, gap.LastSequence));
        Assert.Equal((AppendStatus.Refused, 3L), (old.Status, old.LastSequence));
        Assert.Equal((AppendStatus.Refused, 0L), (stranger.Status, stranger.LastSequence));
        Assert.Equal((AppendStatus.Taken, 10L), (jump.Status, jump.LastSequence));
        Assert.Equal(4, (await ReadAllAsync(Stream)).Count);
    }

    [Fact]
    public async Task A_refused_append_to_an_unknown_stream_does_not_make_it()
    {
        var refused = await Log.AppendAsync(Stream, Request(5, previous: 4));

        Assert.Equal(AppendStatus.Refused, refused.Status);
        Assert.Equal(Position.Start, (await Log.ReadAsync(Stream, Position.Start, 1)).Head);
    }

    [Fact]
    public async Task The_same_append_sent_many_times_at_once_stands_in_the_log_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Log.AppendAsync(Stream, Request(1)).AsTask()));

        Assert.Single(results, result => result.Status == AppendStatus.Taken);
        Assert.Single(results.Select(result => (result.Position, result.AtMs, result.LastSequence)).Distinct());
        Assert.Single(await ReadAllAsync(Stream));
    }

    [Fact]
    public async Task Concurrent_producers_lose_nothing_and_keep_their_own_order()
    {
        const int producers = 8, batches = 200;

        await Task.WhenAll(Enumerable.Range(0, producers).Select(p => Task.Run(() => AppendAsync(batches, producer: $"p{p}"))));

        var entries = await ReadAllAsync(Stream);
        Assert.Equal(producers * batches, entries.Count);
        AssertDense(entries);
        foreach (var own in entries.GroupBy(entry => entry.Producer))
            Assert.Equal(Enumerable.Range(1, batches).Select(i => (long)i), own.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Log_time_follows_the_clock_and_never_goes_back()
    {
        var first = await Log.AppendAsync(Stream, Request(1));
        Clock.NowMs -= 5000;
        var second = await Log.AppendAsync(Stream, Request(2));
        Clock.NowMs += 9000;
        var third = await Log.AppendAsync(Stream, Request(3));

        Assert.Equal(first.AtMs, second.AtMs);
        Assert.True(third.AtMs >= second.AtMs);
    }

    [Fact]
    public async Task Log_time_does_not_lag_a_relayed_time_unless_that_is_more_than_a_minute_ahead()
    {
        var first = await Log.AppendAsync(Stream, Request(1));
        var ahead = await Log.AppendAsync(Stream, Request(2, notBeforeMs: first.AtMs + 30_000));
        var wrong = await Log.AppendAsync(Stream, Request(3, notBeforeMs: first.AtMs + 600_000));
        var old = await Log.AppendAsync(Stream, Request(4, notBeforeMs: 1));

        Assert.Equal(first.AtMs + 30_000, ahead.AtMs);
        Assert.Equal(ahead.AtMs, wrong.AtMs);
        Assert.Equal(ahead.AtMs, old.AtMs);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Log_time_goes_by_the_producers_count_where_the_clock_says_something_else_by_more_than_a_minute(int years)
    {
        var first = await Log.AppendAsync(Stream, Request(1));
        Clock.NowMs += years * 365L * 86_400_000;

        var second = await Log.AppendAsync(Stream, Request(2) with { DueMs = first.AtMs + 5000 });
        var late = await Log.AppendAsync(Stream, Request(1, "p2") with { DueMs = first.AtMs + 4000 });

        Assert.Equal(first.AtMs + 5000, second.AtMs);
        Assert.Equal(second.AtMs + 1, late.AtMs);
    }

    [Fact]
    public async Task Log_time_that_is_more_than_a_minute_ahead_of_the_clock_goes_on_by_a_millisecond_an_entry_when_no_producer_counts_it()
    {
        var first = await Log.AppendAsync(Stream, Request(1));
        Clock.NowMs -= 600_000;

        var entries = await AppendAsync(3, after: 1);

        Assert.Equal([first.AtMs + 1, first.AtMs + 2, first.AtMs + 3], entries.Select(entry => entry.AtMs));
    }

    [Fact]
    public async Task Log_time_follows_the_clock_after_a_rest()
    {
        await Log.AppendAsync(Stream, Request(1));
        Clock.NowMs += 86_400_000;

        Assert.Equal(Clock.NowMs, (await Log.AppendAsync(Stream, Request(2))).AtMs);
    }

    [Fact]
    public async Task Log_time_within_a_minute_of_the_clock_is_the_later_of_both()
    {
        var first = await Log.AppendAsync(Stream, Request(1));
        var ahead = await Log.AppendAsync(Stream, Request(2) with { DueMs = first.AtMs + 5000 });
        Clock.NowMs += 20_000;
        var behind = await Log.AppendAsync(Stream, Request(3) with { DueMs = ahead.AtMs });

        Assert.Equal((first.AtMs + 5000, first.AtMs + 20_000), (ahead.AtMs, behind.AtMs));
    }

    [Fact]
    public async Task An_entry_that_is_put_back_keeps_its_time()
    {
        var first = await Log.AppendAsync(Stream, Request(1));

        var back = await Log.AppendAsync(Stream, Request(2, notBeforeMs: first.AtMs + 600_000) with { Origin = first.Position });

        Assert.Equal(first.AtMs + 600_000, back.AtMs);
    }

    [Fact]
    public async Task A_stream_remembers_its_256_newest_producers()
    {
        for (var i = 0; i <= 256; i++) await Log.AppendAsync(Stream, Request(1, $"p{i}"));

        Assert.Equal(AppendStatus.Repeated, (await Log.AppendAsync(Stream, Request(1, "p256"))).Status);
        Assert.Equal((AppendStatus.Repeated, 2L), (await Log.AppendAsync(Stream, Request(1, "p1"))) is var kept ? (kept.Status, kept.Position.Offset) : default);
    }

    [Fact]
    public async Task Tails_that_start_before_during_and_after_the_appends_all_see_every_entry_once()
    {
        const int producers = 4, batches = 300, all = producers * batches;
        var before = Enumerable.Range(0, 3).Select(_ => Task.Run(() => TailAsync(Position.Start, all))).ToList();
        var appends = Task.WhenAll(Enumerable.Range(0, producers).Select(p => Task.Run(() => AppendAsync(batches, producer: $"p{p}"))));
        var during = Task.Run(() => TailAsync(Position.Start, all));
        var slow = Task.Run(() => TailAsync(Position.Start, all, async count =>
        {
            if (count == 5) await appends;
        }));
        await appends;
        var after = Task.Run(() => TailAsync(Position.Start, all));

        foreach (var tail in before.Append(during).Append(slow).Append(after))
        {
            var entries = await InTime(tail, "the last entry of a tail");
            AssertDense(entries);
            Assert.Equal(all, entries.Count);
        }
    }

    [Fact]
    public async Task A_tail_from_a_position_in_the_middle_starts_directly_after_it()
    {
        var results = await AppendAsync(10);
        var tail = TailAsync(results[3].Position, 8);
        await AppendAsync(2, after: 10);

        AssertDense(await InTime(tail, "entry 12"), first: 5);
    }

    [Fact]
    public async Task A_tail_of_an_unknown_stream_waits_for_its_first_entry()
    {
        var tail = TailAsync(Position.Start, 1);
        Assert.False(tail.IsCompleted);

        await AppendAsync(1);

        Assert.Equal("p1:1", Text(Assert.Single(await InTime(tail, "the first entry"))));
    }

    [Fact]
    public async Task A_tail_ends_when_its_reader_gives_up()
    {
        using var stop = new CancellationTokenSource();
        await AppendAsync(1);
        var tail = Log.TailAsync(Stream, Position.Start, stop.Token).GetAsyncEnumerator();
        Assert.True(await tail.MoveNextAsync());
        var next = tail.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTime(next, "the end of the tail"));
        await tail.DisposeAsync();
    }

    [Fact]
    public async Task An_unknown_stream_is_empty()
    {
        var read = await Log.ReadAsync(Stream, Position.Start, 10);

        Assert.Equal((ReadStatus.Ok, 0, Position.Start), (read.Status, read.Entries.Count, read.Head));
        Assert.Null(await Log.GetSnapshotAsync(Stream));
        await Log.DeleteAsync(Stream);
    }

    [Fact]
    public async Task A_position_of_another_epoch_or_beyond_the_head_is_not_read_from()
    {
        var head = (await AppendAsync(3))[^1].Position;

        foreach (var position in new[] { head with { Epoch = "another" }, head with { Offset = 4 } })
        {
            var read = await Log.ReadAsync(Stream, position, 10);
            Assert.Equal((ReadStatus.OtherEpoch, 0, head), (read.Status, read.Entries.Count, read.Head));
            var lost = await Assert.ThrowsAsync<PositionLostException>(() => InTime(TailAsync(position, 1), "the end of the tail"));
            Assert.Equal(ReadStatus.OtherEpoch, lost.Status);
        }

        Assert.Equal(ReadStatus.OtherEpoch, (await Log.ReadAsync(Stream + "x", head, 10)).Status);
    }

    [Fact]
    public async Task A_position_before_what_is_kept_is_answered_with_trimmed()
    {
        var stream = "$" + Stream;
        var results = await AppendAsync(20, stream);
        Assert.True(await Log.PutSnapshotAsync(stream, SnapshotAt(results[9])));
        Assert.Equal(20, (await ReadAllAsync(stream)).Count);

        Assert.True(await Log.PutSnapshotAsync(stream, SnapshotAt(results[14])));
        await TrimAsync(stream);

        Assert.Equal(ReadStatus.Trimmed, (await Log.ReadAsync(stream, Position.Start, 10)).Status);
        Assert.Equal(ReadStatus.Trimmed, (await Log.ReadAsync(stream, results[8].Position, 10)).Status);
        AssertDense(await ReadAllAsync(stream, results[9].Position), first: 11);
        var lost = await Assert.ThrowsAsync<PositionLostException>(() => InTime(TailAsync(Position.Start, 1, stream: stream), "the end of the tail"));
        Assert.Equal(ReadStatus.Trimmed, lost.Status);
        Assert.Equal(21, (await Log.AppendAsync(stream, Request(21))).Position.Offset);
    }

    [Fact]
    public async Task The_two_newest_snapshots_are_kept_and_chosen_by_their_time()
    {
        var results = new List<AppendResult>();
        for (var i = 1; i <= 3; i++)
        {
            results.Add(await Log.AppendAsync(Stream, Request(i)));
            Assert.True(await Log.PutSnapshotAsync(Stream, SnapshotAt(results[^1])));
            Clock.NowMs += 10_000;
        }

        async Task<long> ChosenAsync(long notAfterMs) => (await Log.GetSnapshotAsync(Stream, notAfterMs))!.Position.Offset;
        Assert.Equal(3, await ChosenAsync(long.MaxValue));
        Assert.Equal(3, await ChosenAsync(results[2].AtMs));
        Assert.Equal(2, await ChosenAsync(results[2].AtMs - 1));
        Assert.Equal(2, await ChosenAsync(results[0].AtMs));
        Assert.Equal(2, await ChosenAsync(0));
        var newest = await Log.GetSnapshotAsync(Stream);
        Assert.Equal((results[2].Position, results[2].AtMs, "state 3"), (newest!.Position, newest.AtMs, Encoding.UTF8.GetString(newest.State.Span)));
    }

    [Fact]
    public async Task A_snapshot_that_is_not_newer_is_not_taken()
    {
        var results = await AppendAsync(5);
        Assert.True(await Log.PutSnapshotAsync(Stream, SnapshotAt(results[3])));

        Assert.False(await Log.PutSnapshotAsync(Stream, SnapshotAt(results[3])));
        Assert.False(await Log.PutSnapshotAsync(Stream, SnapshotAt(results[1])));
        Assert.Equal(4, (await Log.GetSnapshotAsync(Stream))!.Position.Offset);
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_and_its_next_life_has_another_epoch()
    {
        var results = await AppendAsync(5);
        await Log.PutSnapshotAsync(Stream, SnapshotAt(results[3]));
        var tail = TailAsync(results[0].Position, int.MaxValue);

        await Log.DeleteAsync(Stream);

        await InTime(tail, "the end of the tail");
        Assert.Null(await Log.GetSnapshotAsync(Stream));
        Assert.Equal(ReadStatus.OtherEpoch, (await Log.ReadAsync(Stream, results[0].Position, 1)).Status);
        Assert.Empty(await ReadAllAsync(Stream));
        var reborn = await Log.AppendAsync(Stream, Request(1));
        Assert.Equal((AppendStatus.Taken, 1L), (reborn.Status, reborn.Position.Offset));
        Assert.NotEqual(results[0].Position.Epoch, reborn.Position.Epoch);
        Assert.Equal(ReadStatus.OtherEpoch, (await Log.ReadAsync(Stream, results[0].Position, 1)).Status);
        Assert.Single(await ReadAllAsync(Stream));
    }

    [Fact]
    public async Task Batches_of_a_megabyte_come_back_as_they_were()
    {
        var random = new Random(7);
        var batches = Enumerable.Range(0, 12).Select(_ => new byte[1 << 20]).ToList();
        foreach (var batch in batches) random.NextBytes(batch);
        var tail = TailAsync(Position.Start, batches.Count);

        for (var i = 0; i < batches.Count; i++) await Log.AppendAsync(Stream, new AppendRequest("p1", i, i + 1, batches[i]));

        var read = await ReadAllAsync(Stream);
        var tailed = await InTime(tail, "the last large batch");
        for (var i = 0; i < batches.Count; i++)
        {
            Assert.True(read[i].Batch.Span.SequenceEqual(batches[i]));
            Assert.True(tailed[i].Batch.Span.SequenceEqual(batches[i]));
        }
    }

    [Fact]
    public async Task Two_thousand_streams_do_not_mix()
    {
        const int streams = 2000, each = 3;
        await Task.WhenAll(Enumerable.Range(0, streams).Select(i => AppendAsync(each, $"{Stream}-{i}", $"p{i}")));

        for (var i = 0; i < streams; i++)
        {
            var entries = await ReadAllAsync($"{Stream}-{i}");
            Assert.Equal(each, entries.Count);
            Assert.All(entries, entry => Assert.Equal($"p{i}", entry.Producer));
        }
    }

    protected static LogSnapshot SnapshotAt(AppendResult result) =>
        new(result.Position, result.AtMs, Encoding.UTF8.GetBytes($"state {result.Position.Offset}"));
}
