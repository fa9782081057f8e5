using Interactions.Contracts;
using Interactions.Contracts.Log;
using Xunit;

namespace Interactions.Tests.Specification;

/// <summary>Entries are read as they were written, from every position that the log has.</summary>
public abstract partial class StreamLogSpecification
{
    [Fact]
    public async Task Entries_are_read_in_order_and_as_they_were_given()
    {
        var writer = Writer();
        var entries = await writer.AppendAsync(200);
        writer.AtMs += 365L * 86_400_000;
        entries.AddRange(await writer.AppendAsync(50));
        var next = Writer("0123456789abcdefghijklmnopqrSTUV");
        next.Follow(writer.Head);
        entries.AddRange(await next.AppendAsync(50));

        var read = await ReadAllAsync();

        AssertDense(read);
        AssertSame(entries, read);
    }

    [Fact]
    public async Task A_read_starts_directly_after_the_position_and_ends_at_the_maximum()
    {
        var entries = await Writer().AppendAsync(20);

        var read = await Log.ReadAsync(Stream, entries[6].Position, 5);

        AssertSame(entries[7..12], read.Entries);
        Assert.Equal((ReadStatus.Ok, LogHead.Of(entries[^1])), (read.Status, read.Head));
    }

    [Fact]
    public async Task A_read_of_nothing_or_at_the_head_says_where_the_head_is()
    {
        var head = LogHead.Of((await Writer().AppendAsync(20))[^1]);

        foreach (var (after, max) in new[] { (Position.Start, 0), (head.Position, 5), (head.Position, 0) })
        {
            var read = await Log.ReadAsync(Stream, after, max);
            Assert.Equal((ReadStatus.Ok, 0, head), (read.Status, read.Entries.Count, read.Head));
        }
    }

    [Fact]
    public async Task An_unknown_stream_is_empty()
    {
        var read = await Log.ReadAsync(Stream, Position.Start, 10);

        Assert.Equal((ReadStatus.Ok, 0, LogHead.Empty), (read.Status, read.Entries.Count, read.Head));
        Assert.Equal(ReadStatus.OtherEpoch, (await Log.ReadAsync(Stream, new Position("e", 1), 10)).Status);
        Assert.Null(await Log.GetSnapshotAsync(Stream));
    }

    [Fact]
    public async Task A_position_of_another_epoch_or_beyond_the_head_is_not_read_from()
    {
        var head = LogHead.Of((await Writer().AppendAsync(3))[^1]);

        foreach (var position in new[] { head.Position with { Epoch = "another" }, head.Position with { Offset = 4 } })
        {
            var read = await Log.ReadAsync(Stream, position, 10);
            Assert.Equal((ReadStatus.OtherEpoch, 0, head), (read.Status, read.Entries.Count, read.Head));
        }
    }

    [Fact]
    public async Task Reads_go_on_from_one_epoch_into_the_next()
    {
        var writer = Writer();
        var entries = await writer.AppendAsync(4);
        for (var epoch = 0; epoch < 20; epoch++)
        {
            writer.BeginEpoch();
            entries.AddRange(await writer.AppendAsync(1 + (epoch % 3)));
        }

        AssertDense(entries);
        AssertSame(entries, await ReadAllAsync(page: 7));
        for (var i = 0; i < entries.Count; i++) AssertSame(entries[(i + 1)..], await ReadAllAsync(after: entries[i].Position, page: 10));
    }

    [Fact]
    public async Task A_position_of_an_earlier_epoch_is_good_up_to_where_that_epoch_ended()
    {
        var writer = Writer();
        var last = (await writer.AppendAsync(4))[^1].Position;
        writer.BeginEpoch();
        var entries = await writer.AppendAsync(4);

        AssertSame(entries, await ReadAllAsync(after: last));
        var beyond = await Log.ReadAsync(Stream, last with { Offset = 5 }, 10);
        Assert.Equal((ReadStatus.OtherEpoch, 0, writer.Head), (beyond.Status, beyond.Entries.Count, beyond.Head));
    }

    [Fact]
    public async Task A_position_before_what_is_kept_is_answered_with_trimmed()
    {
        var stream = "$" + Stream;
        var writer = Writer(stream: stream);
        var entries = await writer.AppendAsync(8);
        writer.BeginEpoch();
        entries.AddRange(await writer.AppendAsync(12));
        Assert.True(await Log.PutSnapshotAsync(stream, LogHead.Of(entries[9]), SnapshotAt(entries[9])));
        AssertSame(entries, await ReadAllAsync(stream));

        Assert.True(await Log.PutSnapshotAsync(stream, LogHead.Of(entries[14]), SnapshotAt(entries[14])));
        await TrimAsync(stream);

        foreach (var position in new[] { Position.Start, entries[5].Position, entries[8].Position })
        {
            var read = await Log.ReadAsync(stream, position, 10);
            Assert.Equal((ReadStatus.Trimmed, 0, writer.Head), (read.Status, read.Entries.Count, read.Head));
        }

        AssertSame(entries[10..], await ReadAllAsync(stream, entries[9].Position));
        Assert.Equal(21, (await writer.AppendAsync()).Position.Offset);
    }

    [Fact]
    public async Task Bodies_of_one_byte_to_four_megabytes_come_back_as_they_were_given()
    {
        var random = new Random(7);
        var writer = Writer();
        var entries = new List<Entry>();
        foreach (var bytes in new[] { 1, 4 << 20, 1 << 20, 4 << 20, 2, 4 << 20 })
        {
            var body = new byte[bytes];
            random.NextBytes(body);
            var entry = writer.Next(body);
            entries.Add(entry);
            Assert.Equal(AppendStatus.Taken, (await writer.AppendAsync(entry)).Status);
        }

        AssertSame(entries, await ReadAllAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData((4 << 20) + 1)]
    public async Task A_body_of_no_bytes_or_more_than_four_megabytes_is_an_error_of_the_caller(int bytes)
    {
        var writer = Writer();

        await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(writer.Next(new byte[bytes])));
        Assert.Equal(Position.Start, await HeadAsync());
    }

    [Fact]
    public async Task Names_are_visible_ASCII_and_writers_letters_and_digits()
    {
        string longest = Stream.PadRight(128, '~'), entry = "w1";
        await Writer(entry, longest).AppendAsync(1);
        Assert.Single(await ReadAllAsync(longest));

        foreach (var stream in new[] { "", longest + "~", "a b", "a\n", "é" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => Writer(stream: stream).AppendAsync(1));
            await Assert.ThrowsAsync<ArgumentException>(() => Log.ReadAsync(stream, Position.Start, 1).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => Log.DeleteAsync(stream, null).AsTask());
        }

        foreach (var name in new[] { "", new string('w', 33), "w-1", "é" })
            await Assert.ThrowsAsync<ArgumentException>(() => Writer(name).AppendAsync(1));
    }
}
