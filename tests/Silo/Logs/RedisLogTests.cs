using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Redis;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

public sealed class RedisLogTests(RedisServerFixture fixture) : StreamLogSpecification, IClassFixture<RedisServerFixture>
{
    protected override ValueTask<IStreamLog> OpenAsync(TimeProvider time) =>
        new(RedisLog.Open(new RedisLogOptions(fixture.Redis.Address) { AnswerWithin = TimeSpan.FromSeconds(20) }, time, NullLogger<RedisLog>.Instance));

    [Fact]
    public async Task Entries_older_than_the_retention_go_with_the_next_snapshot_but_none_after_the_second_newest()
    {
        var writer = Writer();
        var entries = await writer.AppendAsync(3);
        writer.AtMs += (long)TimeSpan.FromHours(25).TotalMilliseconds;
        entries.AddRange(await writer.AppendAsync(3));

        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[1]), SnapshotAt(entries[1])));
        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[4]), SnapshotAt(entries[4])));
        Assert.Equal(ReadStatus.Trimmed, (await Log.ReadAsync(Stream, entries[0].Position, 1)).Status);
        AssertSame(entries[2..], await ReadAllAsync(Stream, entries[1].Position));

        Assert.True(await Log.PutSnapshotAsync(Stream, LogHead.Of(entries[5]), SnapshotAt(entries[5])));
        Assert.Equal(ReadStatus.Trimmed, (await Log.ReadAsync(Stream, entries[1].Position, 1)).Status);
        AssertSame(entries[3..], await ReadAllAsync(Stream, entries[2].Position));
    }
}
