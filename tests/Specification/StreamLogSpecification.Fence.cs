using Interactions.Contracts;
using Interactions.Contracts.Log;
using Xunit;

namespace Interactions.Tests.Specification;

/// <summary>One writer at a time.</summary>
public abstract partial class StreamLogSpecification
{
    [Fact]
    public async Task Of_two_writers_at_one_head_the_second_is_refused_with_the_entry_at_the_head()
    {
        var (one, other) = (Writer("one"), Writer("other"));
        await one.AppendAsync(3);
        other.Follow(one.Head);
        var taken = await one.AppendAsync();

        var refused = await other.AppendAsync(other.Next());

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(taken)), refused);
        Assert.Equal(4, (await ReadAllAsync()).Count);
    }

    [Fact]
    public async Task An_append_after_any_entry_but_the_last_is_refused()
    {
        var writer = Writer();
        var entries = await writer.AppendAsync(5);
        var head = entries[^1];

        LogHead[] others =
        [
            LogHead.Empty, LogHead.Of(entries[2]), LogHead.Of(entries[3]),
            writer.Head with { Position = new(writer.Epoch, 6) }, writer.Head with { Position = new("a", 5) },
        ];
        foreach (var wrong in others)
        {
            var stranger = Writer("stranger");
            stranger.Follow(wrong);
            Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(head)), await stranger.AppendAsync(stranger.Next()));
        }

        AssertSame(entries, await ReadAllAsync());
    }

    [Fact]
    public async Task Who_knows_another_entry_at_the_head_is_refused()
    {
        var writer = Writer();
        await writer.AppendAsync(3);
        var head = writer.Head;

        // What a store that came back shorter makes of two writers: each has an entry of its own at the same position.
        foreach (var other in new[] { head with { Writer = "w2" }, head with { Number = head.Number + 1 } })
        {
            var stale = Writer("w2");
            stale.Follow(other);
            Assert.Equal(new AppendResult(AppendStatus.Refused, head), await stale.AppendAsync(stale.Next()));
            stale.BeginEpoch();
            Assert.Equal(new AppendResult(AppendStatus.Refused, head), await stale.AppendAsync(stale.Next()));
        }

        Assert.Equal(3, (await ReadAllAsync()).Count);
        await writer.AppendAsync();
    }

    [Fact]
    public async Task Of_many_writers_at_one_head_one_is_taken()
    {
        var first = await Writer().AppendAsync();
        var writers = Enumerable.Range(0, 50).Select(i => Writer($"w{i}")).ToList();

        var results = await Task.WhenAll(writers.Select(writer => Task.Run(() =>
        {
            writer.Follow(LogHead.Of(first));
            return writer.AppendAsync(writer.Next());
        })));

        var taken = Assert.Single(results, result => result.Status == AppendStatus.Taken);
        Assert.All(results, result => Assert.Equal(taken with { Status = result.Status }, result));
        Assert.Equal([LogHead.Of(first), taken.Head], (await ReadAllAsync()).Select(LogHead.Of));
    }

    [Fact]
    public async Task Writers_that_race_for_a_stream_from_its_first_entry_on_never_fork_it()
    {
        async Task<List<Entry>> RaceAsync(LogWriter writer)
        {
            var taken = new List<Entry>();
            while (taken.Count < 50)
            {
                var entry = writer.Next();
                var result = await writer.AppendAsync(entry);
                if (result.Status == AppendStatus.Taken) taken.Add(entry);
                else writer.Follow(result.Head);
            }

            return taken;
        }

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => RaceAsync(Writer($"w{i}")))));

        var entries = await ReadAllAsync();
        AssertDense(entries);
        Assert.Single(entries.Select(entry => entry.Position.Epoch).Distinct());
        AssertSame([.. taken.SelectMany(own => own).OrderBy(entry => entry.Position.Offset)], entries);
    }

    [Fact]
    public async Task An_entry_that_is_sent_again_because_its_answer_was_lost_is_found_at_the_head()
    {
        var writer = Writer();
        var before = await writer.AppendAsync();
        var entry = writer.Next();
        await Log.AppendAsync(Stream, LogHead.Of(before), entry);

        var again = await Log.AppendAsync(Stream, LogHead.Of(before), entry);

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(entry)), again);
        AssertSame([before, entry], await ReadAllAsync());
    }

    [Fact]
    public async Task The_same_entry_sent_many_times_at_once_stands_in_the_log_once()
    {
        var entry = Writer().Next();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Log.AppendAsync(Stream, LogHead.Empty, entry).AsTask())));

        Assert.Single(results, result => result.Status == AppendStatus.Taken);
        Assert.All(results, result => Assert.Equal(LogHead.Of(entry), result.Head));
        AssertSame([entry], await ReadAllAsync());
    }

    [Fact]
    public async Task An_epoch_begins_under_the_fence_with_the_next_offset()
    {
        var (stale, writer) = (Writer("stale"), Writer());
        var old = await stale.AppendAsync(3);
        writer.Follow(stale.Head);
        writer.BeginEpoch();

        var entry = await writer.AppendAsync();
        var refused = await stale.AppendAsync(stale.Next());
        var late = Writer("late");
        late.Follow(stale.Head);
        late.BeginEpoch();

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(entry)), refused);
        Assert.Equal(refused, await late.AppendAsync(late.Next()));
        AssertSame([.. old, entry, .. await writer.AppendAsync(2)], await ReadAllAsync());
        AssertDense(await ReadAllAsync());
    }

    [Fact]
    public async Task A_refused_append_to_an_unknown_stream_does_not_make_it()
    {
        var writer = Writer();
        writer.Follow(new LogHead(new Position(writer.Epoch, 4), "w1", 4));

        // A store that may lose entries can't tell it from one that it lost.
        var status = Log.MayLose ? AppendStatus.Restarted : AppendStatus.Refused;
        Assert.Equal(new AppendResult(status, LogHead.Empty), await writer.AppendAsync(writer.Next()));

        Assert.Equal(Position.Start, await HeadAsync());
        Assert.DoesNotContain(Stream, await Log.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task A_store_that_was_not_started_again_is_not_restored()
    {
        var writer = Writer();
        var entries = await writer.AppendAsync(3);
        var next = writer.Next();

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Of(entries[2])), await Log.RestoreAsync(Stream, null, LogHead.Of(entries[1]), [entries[2], next]));

        AssertSame(entries, await ReadAllAsync());
    }

    [Fact]
    public async Task An_entry_that_does_not_follow_its_head_is_an_error_of_the_caller()
    {
        var writer = Writer();
        var head = (await writer.AppendAsync()).Position;
        var next = writer.Next();

        foreach (var wrong in new[] { head, head with { Offset = 3 }, new Position("", 2), new Position("a b", 2), new Position("0", 2) })
            await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync(Stream, writer.Head, next with { Position = wrong }).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync(Stream + "x", LogHead.Empty, next).AsTask());
        Assert.Equal(head, await HeadAsync());
    }

    [Fact]
    public async Task Two_thousand_streams_that_are_written_at_once_do_not_mix()
    {
        const int streams = 2000, each = 3;
        var written = await Task.WhenAll(Enumerable.Range(0, streams).Select(i => Writer($"w{i}", $"{Stream}-{i}").AppendAsync(each)));

        for (var i = 0; i < streams; i++) AssertSame(written[i], await ReadAllAsync($"{Stream}-{i}"));
    }
}
