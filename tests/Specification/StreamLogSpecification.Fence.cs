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

        Assert.Equal(new AppendResult(AppendStatus.Refused, taken.Position, "one", taken.Number), refused);
        Assert.Equal(4, (await ReadAllAsync()).Count);
    }

    [Fact]
    public async Task An_append_after_any_position_but_the_head_is_refused()
    {
        var writer = Writer();
        var entries = await writer.AppendAsync(5);
        var head = entries[^1];

        foreach (var wrong in new[] { Position.Start, entries[2].Position, entries[3].Position, head.Position with { Offset = 6 }, head.Position with { Epoch = "a" } })
        {
            var stranger = Writer("stranger");
            stranger.Follow(wrong);
            Assert.Equal(new AppendResult(AppendStatus.Refused, head.Position, "w1", head.Number), await stranger.AppendAsync(stranger.Next()));
        }

        AssertSame(entries, await ReadAllAsync());
    }

    [Fact]
    public async Task Of_many_writers_at_one_head_one_is_taken()
    {
        var first = await Writer().AppendAsync();
        var writers = Enumerable.Range(0, 50).Select(i => Writer($"w{i}")).ToList();

        var results = await Task.WhenAll(writers.Select(writer => Task.Run(() =>
        {
            writer.Follow(first.Position);
            return writer.AppendAsync(writer.Next());
        })));

        var taken = Assert.Single(results, result => result.Status == AppendStatus.Taken);
        Assert.All(results, result => Assert.Equal(taken with { Status = result.Status }, result));
        Assert.Equal([first.Position, taken.Head], (await ReadAllAsync()).Select(entry => entry.Position));
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
        await Log.AppendAsync(Stream, before.Position, entry);

        var again = await Log.AppendAsync(Stream, before.Position, entry);

        Assert.Equal(new AppendResult(AppendStatus.Refused, entry.Position, entry.Writer, entry.Number), again);
        AssertSame([before, entry], await ReadAllAsync());
    }

    [Fact]
    public async Task The_same_entry_sent_many_times_at_once_stands_in_the_log_once()
    {
        var entry = Writer().Next();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Log.AppendAsync(Stream, Position.Start, entry).AsTask())));

        Assert.Single(results, result => result.Status == AppendStatus.Taken);
        Assert.All(results, result => Assert.Equal((entry.Position, entry.Writer, entry.Number), (result.Head, result.Writer, result.Number)));
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

        Assert.Equal((AppendStatus.Refused, entry.Position), (refused.Status, refused.Head));
        Assert.Equal((AppendStatus.Refused, entry.Position), (await late.AppendAsync(late.Next())) is var answer ? (answer.Status, answer.Head) : default);
        AssertSame([.. old, entry, .. await writer.AppendAsync(2)], await ReadAllAsync());
        AssertDense(await ReadAllAsync());
    }

    [Fact]
    public async Task A_refused_append_to_an_unknown_stream_does_not_make_it()
    {
        var writer = Writer();
        writer.Follow(new Position(writer.Epoch, 4));

        // A store that may lose entries can't tell it from one that it lost.
        var status = Log.MayLose ? AppendStatus.Restarted : AppendStatus.Refused;
        Assert.Equal(new AppendResult(status, Position.Start), await writer.AppendAsync(writer.Next()));

        Assert.Equal(Position.Start, await HeadAsync());
        Assert.DoesNotContain(Stream, await Log.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task A_store_that_was_not_started_again_is_not_restored()
    {
        var writer = Writer();
        var entries = await writer.AppendAsync(3);
        var next = writer.Next();

        Assert.Equal(new AppendResult(AppendStatus.Refused, entries[2].Position, "w1", entries[2].Number), await Log.RestoreAsync(Stream, null, [entries[2], next]));

        AssertSame(entries, await ReadAllAsync());
    }

    [Fact]
    public async Task An_entry_that_does_not_follow_its_head_is_an_error_of_the_caller()
    {
        var writer = Writer();
        var head = (await writer.AppendAsync()).Position;
        var next = writer.Next();

        foreach (var wrong in new[] { head, head with { Offset = 3 }, new Position("", 2), new Position("a b", 2), new Position("0", 2) })
            await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync(Stream, head, next with { Position = wrong }).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync(Stream + "x", Position.Start, next).AsTask());
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
