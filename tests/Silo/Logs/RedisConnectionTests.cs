using System.Runtime.CompilerServices;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>The client library's connection to Redis is lost and does not come back by itself.</summary>
public sealed class RedisConnectionTests(RedisServerFixture fixture) : IClassFixture<RedisServerFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_connection_that_fails_every_command_is_given_up_for_a_new_one()
    {
        var options = new RedisLogOptions(fixture.Redis.Address) { AnswerWithin = TimeSpan.FromMilliseconds(300) };
        await using var log = RedisLog.Open(options, TimeProvider.System, NullLogger<RedisLog>.Instance);
        await using var other = RedisLog.Open(new RedisLogOptions(fixture.Redis.Address), TimeProvider.System, NullLogger<RedisLog>.Instance);
        var stream = "s" + Epochs.New();
        await AppendAsync(log, stream, 1);
        using var late = new CancellationTokenSource(Patience);
        await using var tail = log.TailAsync(stream, Position.Start, late.Token).GetAsyncEnumerator();
        Assert.True(await tail.MoveNextAsync());

        await ConnectionOf(ServerOf(log)).CloseAsync(allowCommandsToComplete: false);
        await Assert.ThrowsAsync<LogUnavailableException>(() => AppendAsync(log, stream, 2));

        while (!await IsTakenAsync(log, stream, 2)) late.Token.ThrowIfCancellationRequested();
        await AppendAsync(other, stream, 3);
        foreach (var sequence in (long[])[2, 3])
        {
            Assert.True(await tail.MoveNextAsync());
            Assert.Equal(sequence, tail.Current.Sequence);
        }
    }

    private static async Task<bool> IsTakenAsync(RedisLog log, string stream, long sequence)
    {
        try
        {
            await AppendAsync(log, stream, sequence);
            return true;
        }
        catch (LogUnavailableException)
        {
            await Task.Delay(20);
            return false;
        }
    }

    private static async Task AppendAsync(RedisLog log, string stream, long sequence) =>
        await log.AppendAsync(stream, new AppendRequest("p", sequence - 1, sequence, new byte[] { 1 }));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_server")]
    private static extern ref RedisServer ServerOf(RedisLog log);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_connection")]
    private static extern ref ConnectionMultiplexer ConnectionOf(RedisServer server);
}
