using System.Runtime.CompilerServices;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Redis;
using Interactions.Silo.Logs.Rocks;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>What the log answers while Redis is away, stalled or full, and when it is back.</summary>
public sealed class RedisConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMilliseconds(300);
    private readonly List<RedisLog> _logs = [];
    private RedisProcess _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs) await log.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_fails_every_command_is_given_up_for_a_new_one()
    {
        var log = Open();
        var writer = new LogWriter(log, "s");
        await writer.AppendAsync();

        await ConnectionOf(ServerOf(log)).CloseAsync(allowCommandsToComplete: false);
        await Assert.ThrowsAsync<LogUnavailableException>(() => writer.AppendAsync(writer.Next()));

        await RedisRetry.UntilAnsweredAsync(() => writer.AppendAsync(writer.Next()));
    }

    [Fact]
    public async Task While_the_server_is_stalled_an_append_is_answered_unavailable_in_time_and_stands_once_afterwards()
    {
        var writer = new LogWriter(Open(), "s");
        await writer.AppendAsync();
        var entry = writer.Next();
        _redis.Stop();

        await Assert.ThrowsAsync<LogUnavailableException>(() => writer.AppendAsync(entry));

        _redis.Continue();
        var again = await RedisRetry.UntilAnsweredAsync(() => writer.AppendAsync(entry));
        Assert.Equal(LogHead.Of(entry), again.Head);
    }

    [Fact]
    public async Task A_server_that_is_not_there_yet_is_unavailable_until_it_is_and_that_is_no_restart()
    {
        await _redis.KillAsync();
        var log = Open();
        log.Restarted += () => Assert.Fail("It was not started again.");
        var writer = new LogWriter(log, "s");
        var entry = writer.Next();
        await Assert.ThrowsAsync<LogUnavailableException>(() => writer.AppendAsync(entry));

        await _redis.StartAgainAsync();

        Assert.Equal(AppendStatus.Taken, (await RedisRetry.UntilAnsweredAsync(() => writer.AppendAsync(entry))).Status);
    }

    [Fact]
    public async Task A_restart_of_the_server_is_raised_once_also_when_nothing_is_appended()
    {
        var log = Open();
        var count = 0;
        var raised = new SemaphoreSlim(0);
        log.Restarted += () =>
        {
            Interlocked.Increment(ref count);
            raised.Release();
        };

        for (var restart = 1; restart <= 2; restart++)
        {
            await _redis.KillAsync();
            await _redis.StartAgainAsync();
            Assert.True(await raised.WaitAsync(RedisRetry.Patience), $"Restart {restart} was not raised.");
        }

        await _redis.CliAsync("CLIENT", "KILL", "TYPE", "normal");
        await RedisRetry.UntilAnsweredAsync(() => log.ReadAsync("s", Position.Start, 1).AsTask());
        Assert.Equal(2, count);
    }

    [Fact]
    public async Task A_full_server_takes_nothing_and_says_so_until_something_is_deleted()
    {
        var log = Open();
        var writer = new LogWriter(log, "s");
        await writer.AppendAsync();
        await _redis.CliAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await _redis.CliAsync("CONFIG", "SET", "maxmemory", "1");
        var entry = writer.Next();

        await Assert.ThrowsAsync<LogFullException>(() => writer.AppendAsync(entry));
        Assert.True(await log.DeleteAsync("other", null));
        Assert.True(await log.DeleteAsync("s", writer.Head));

        await _redis.CliAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.Equal(new AppendResult(AppendStatus.Refused, LogHead.Empty), await writer.AppendAsync(entry));
    }

    [Fact]
    public async Task A_server_that_holds_streams_of_an_earlier_version_is_refused()
    {
        await _redis.CliAsync("HSET", "i:{$streams}:meta", "epoch", "e");

        var refused = Assert.Throws<LogRefusedException>(() => Open());
        Assert.Contains("earlier version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_comes_later_with_streams_of_an_earlier_version_takes_nothing_until_they_are_deleted()
    {
        await _redis.CliAsync("HSET", "i:{$nodes}:meta", "epoch", "e");
        await _redis.KillAsync();
        var writer = new LogWriter(Open(), "s");
        var entry = writer.Next();
        await _redis.StartAgainAsync();

        await RedisRetry.UntilAsync(async () =>
            (await Assert.ThrowsAsync<LogUnavailableException>(() => writer.AppendAsync(entry))).Message.Contains("earlier version", StringComparison.Ordinal));

        await _redis.CliAsync("DEL", "i:{$nodes}:meta");
        Assert.Equal(AppendStatus.Taken, (await RedisRetry.UntilAnsweredAsync(() => writer.AppendAsync(entry))).Status);
    }

    private RedisLog Open()
    {
        var log = RedisLog.Open(new RedisLogOptions(_redis.Address) { AnswerWithin = AnswerWithin }, TimeProvider.System, NullLogger<RedisLog>.Instance);
        _logs.Add(log);
        return log;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_server")]
    private static extern ref RedisServer ServerOf(RedisLog log);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_connection")]
    private static extern ref ConnectionMultiplexer ConnectionOf(RedisServer server);
}
