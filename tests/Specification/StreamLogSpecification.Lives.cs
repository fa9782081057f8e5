using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Xunit;

namespace Interactions.Tests.Specification;

/// <summary>Snapshots, deletion and the list.</summary>
public abstract partial class StreamLogSpecification
{
    [Fact]
    public async Task The_two_newest_snapshots_are_kept_and_chosen_by_their_time()
    {
        var writer = Writer();
        var entries = new List<Entry>();
        for (var i = 1; i <= 3; i++)
        {
            entries.Add(await writer.AppendAsync());
            Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[^1]), SnapshotAt(entries[^1])));
            writer.AtMs += 10_000;
        }

        async Task<long> ChosenAsync(long notAfterMs) => (await Log.GetSnapshotAsync(Stream, notAfterMs))!.Position.Offset;
        Assert.Equal(3, await ChosenAsync(long.MaxValue));
        Assert.Equal(3, await ChosenAsync(entries[2].AtMs));
        Assert.Equal(2, await ChosenAsync(entries[2].AtMs - 1));
        Assert.Equal(2, await ChosenAsync(entries[0].AtMs));
        Assert.Equal(2, await ChosenAsync(0));
        var newest = await Log.GetSnapshotAsync(Stream);
        Assert.Equal((entries[2].Position, entries[2].AtMs, "state 3"), (newest!.Position, newest.AtMs, Encoding.UTF8.GetString(newest.State.Span)));
    }

    [Fact]
    public async Task A_single_snapshot_is_chosen_whatever_its_time()
    {
        var entry = await Writer().AppendAsync();
        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(entry), SnapshotAt(entry)));

        Assert.Equal(entry.Position, (await Log.GetSnapshotAsync(Stream, 0))!.Position);
    }

    [Fact]
    public async Task A_snapshot_that_is_not_newer_is_not_taken()
    {
        var entries = await Writer().AppendAsync(5);
        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[3]), SnapshotAt(entries[3])));

        Assert.False(await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[3]), SnapshotAt(entries[3])));
        Assert.False(await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[1]), SnapshotAt(entries[1])));
        Assert.Equal(entries[3].Position, (await Log.GetSnapshotAsync(Stream))!.Position);
    }

    [Fact]
    public async Task A_snapshot_of_a_position_that_the_log_has_not_is_not_taken()
    {
        var writer = Writer();
        var old = (await writer.AppendAsync(3))[^1];
        writer.BeginEpoch();
        var head = (await writer.AppendAsync(3))[^1];

        foreach (var position in new[] { Position.Start, head.Position with { Offset = 7 }, head.Position with { Epoch = "another" }, old.Position with { Offset = 4 } })
        {
            var wrong = head with { Position = position };
            Assert.False(await Log.PutSnapshotAsync(Stream, LogHead.Of(wrong), SnapshotAt(wrong)));
        }

        Assert.False(await Log.PutSnapshotAsync(Stream + "x", LogHead.Of(head), SnapshotAt(head)));
        Assert.Null(await Log.GetSnapshotAsync(Stream));
    }

    [Fact]
    public async Task A_snapshot_that_ends_with_another_entry_than_the_log_has_there_is_not_taken()
    {
        var entries = await Writer().AppendAsync(3);

        foreach (var entry in entries)
        {
            Assert.False(await Log.PutSnapshotAsync(Stream, LogHead.Of(entry) with { Writer = "w2" }, SnapshotAt(entry)));
            Assert.False(await Log.PutSnapshotAsync(Stream, LogHead.Of(entry) with { Number = 9 }, SnapshotAt(entry)));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => Log.PutSnapshotAsync(Stream, LogHead.Of(entries[0]), SnapshotAt(entries[1])).AsTask());
        Assert.Null(await Log.GetSnapshotAsync(Stream));
    }

    [Fact]
    public async Task A_snapshot_of_an_earlier_epoch_is_taken_and_stays_when_the_next_begins()
    {
        var writer = Writer();
        var old = await writer.AppendAsync(3);
        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(old[1]), SnapshotAt(old[1])));
        writer.BeginEpoch();
        await writer.AppendAsync(3);

        Assert.Equal(old[1].Position, (await Log.GetSnapshotAsync(Stream))!.Position);
        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(old[2]), SnapshotAt(old[2])));
        Assert.Equal(old[2].Position, (await Log.GetSnapshotAsync(Stream))!.Position);
        Assert.Equal(3, (await ReadAllAsync(after: old[2].Position)).Count);
    }

    [Fact]
    public async Task A_large_state_comes_back_as_it_was_given()
    {
        var entry = await Writer().AppendAsync();
        var state = new byte[12 << 20];
        new Random(7).NextBytes(state);

        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(entry), SnapshotAt(entry) with { State = state }));

        Assert.True((await Log.GetSnapshotAsync(Stream))!.State.Span.SequenceEqual(state));
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_and_its_next_life_begins_at_offset_1()
    {
        var entries = await Writer().AppendAsync(5);
        await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[3]), SnapshotAt(entries[3]));

        Assert.True(await Log.DeleteAsync(Stream, LogHead.Of(entries[4])));

        Assert.Empty(await ReadAllAsync());
        Assert.Null(await Log.GetSnapshotAsync(Stream));
        Assert.Equal(ReadStatus.OtherEpoch, (await Log.ReadAsync(Stream, entries[0].Position, 1)).Status);
        Assert.DoesNotContain(Stream, await Log.ListAsync().ToListAsync());
        var next = Writer();
        next.BeginEpoch();
        AssertSame(await next.AppendAsync(2), await ReadAllAsync());
        Assert.Equal(ReadStatus.OtherEpoch, (await Log.ReadAsync(Stream, entries[0].Position, 1)).Status);
        Assert.Null(await Log.GetSnapshotAsync(Stream));
    }

    [Fact]
    public async Task A_deletion_at_another_head_changes_nothing()
    {
        var writer = Writer();
        var entries = await writer.AppendAsync(5);
        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[3]), SnapshotAt(entries[3])));

        var head = writer.Head;
        LogHead[] others =
        [
            LogHead.Empty, LogHead.Of(entries[3]), head with { Position = new(writer.Epoch, 6) }, head with { Position = new("another", 5) },
            head with { Writer = "w2" }, head with { Number = head.Number + 1 },
        ];
        foreach (var wrong in others)
            Assert.False(await Log.DeleteAsync(Stream, wrong));

        AssertSame(entries, await ReadAllAsync());
        Assert.NotNull(await Log.GetSnapshotAsync(Stream));
    }

    [Fact]
    public async Task A_deletion_without_a_head_erases_whatever_there_is()
    {
        await Writer().AppendAsync(5);

        Assert.True(await Log.DeleteAsync(Stream, null));

        Assert.Equal(Position.Start, await HeadAsync());
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_erased()
    {
        Assert.True(await Log.DeleteAsync(Stream, null));
        Assert.True(await Log.DeleteAsync(Stream, LogHead.Empty));
        Assert.True(await Log.DeleteAsync(Stream, new LogHead(new Position("e", 3), "w1", 3)));
    }

    [Fact]
    public async Task The_writer_of_a_deleted_stream_is_refused()
    {
        var writer = Writer();
        await writer.AppendAsync(5);
        await Log.DeleteAsync(Stream, null);

        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Empty), await writer.AppendAsync(writer.Next()));
        Assert.Equal(Position.Start, await HeadAsync());
    }

    [Fact]
    public async Task Of_a_deletion_and_an_append_at_one_head_one_is_taken()
    {
        for (var round = 0; round < 50; round++)
        {
            var stream = $"{Stream}-{round}";
            var writer = Writer(stream: stream);
            var head = LogHead.Of((await writer.AppendAsync(2))[^1]);

            var append = Task.Run(() => writer.AppendAsync(writer.Next()));
            var deletion = Task.Run(() => Log.DeleteAsync(stream, head).AsTask());

            var taken = (await append).Status == AppendStatus.Taken;
            Assert.Equal(!taken, await deletion);
            Assert.Equal(taken ? writer.Head.Position : Position.Start, await HeadAsync(stream));
        }
    }

    [Fact]
    public async Task Deleting_a_stream_spares_those_whose_names_begin_alike()
    {
        string[] others = [Stream + "b", Stream + "-", Stream + "/1", Stream.ToUpperInvariant(), Stream[..^1]];
        await Writer().AppendAsync(3);
        foreach (var other in others)
        {
            var entries = await Writer(stream: other).AppendAsync(3);
            Assert.True(await Log.PutSnapshotAsync(other, LogHead.Of(entries[1]), SnapshotAt(entries[1])));
        }

        Assert.True(await Log.DeleteAsync(Stream, null));

        Assert.Empty(await ReadAllAsync());
        foreach (var other in others)
        {
            Assert.Equal(3, (await ReadAllAsync(other)).Count);
            Assert.NotNull(await Log.GetSnapshotAsync(other));
        }
    }

    [Fact]
    public async Task The_list_names_each_stream_that_the_log_holds_once()
    {
        var names = Enumerable.Range(0, 300).Select(i => $"{Stream}-{i}").Append("$" + Stream).ToList();
        await Task.WhenAll(names.Select(async name =>
        {
            var entries = await Writer(stream: name).AppendAsync(3);
            await Log.PutSnapshotAsync(name, LogHead.Of(entries[1]), SnapshotAt(entries[1]));
        }));
        await Log.DeleteAsync(names[0], null);

        var listed = (await Log.ListAsync().ToListAsync()).Where(name => name.Contains(Stream, StringComparison.Ordinal));

        Assert.Equal(names.Skip(1).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}
