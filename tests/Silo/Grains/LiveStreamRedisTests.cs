using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Redis;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Silo.Logs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Interactions.Tests.Silo.Grains;

/// <summary>Two activations of one stream whose Redis comes back without its newest entries.</summary>
public sealed class LiveStreamRedisTests : IAsyncLifetime
{
    private RedisProcess _redis = null!;
    private RedisLog _log = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _log = RedisLog.Open(new RedisLogOptions(_redis.Address) { AnswerWithin = TimeSpan.FromSeconds(20) }, TimeProvider.System, NullLogger<RedisLog>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task An_activation_that_slept_while_another_wrote_its_own_entry_at_the_same_position_is_given_up()
    {
        using var sleeper = await Activation.LiveAsync(_log);
        var fork = await ForkAsync(sleeper);

        Assert.Equal(Code.Unavailable, (await sleeper.SendAsync("f-1", 2, new Taps("like", 1))).Code);

        Assert.True(sleeper.IsLost);
        Assert.Equal(fork, await HeadAsync());
    }

    [Fact]
    public async Task An_activation_that_looks_at_the_head_knows_its_own_entry_from_one_at_the_same_position()
    {
        using var created = await Activation.LiveAsync(_log);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var sleeper = await Activation.LoadAsync(_log, time);
        var fork = await ForkAsync(sleeper);

        time.Advance(TimeSpan.FromSeconds(2));
        var answer = await RedisRetry.UntilAnsweredAsync(() => sleeper.InTurnAsync(stream => stream.SnapshotAsync(null)));

        Assert.Equal(Code.Unavailable, answer.Code);
        Assert.True(sleeper.IsLost);
        Assert.Equal(fork, await HeadAsync());
    }

    [Fact]
    public async Task An_activation_that_slept_neither_erases_the_stream_nor_stores_its_fold()
    {
        using var sleeper = await Activation.LiveAsync(_log);
        var fork = await ForkAsync(sleeper, batches: 100);

        Assert.False(await sleeper.InTurnAsync(stream => stream.EraseAsync()));
        await sleeper.InTurnAsync(async stream =>
        {
            await stream.SaveAsync();
            return true;
        });

        Assert.Equal(fork, await HeadAsync());
        Assert.Null(await _log.GetSnapshotAsync("match-7"));
    }

    [Fact]
    public async Task An_activation_that_read_what_Redis_came_back_with_opens_a_new_epoch()
    {
        using var created = await Activation.LiveAsync(_log);
        var before = await HeadAsync();
        var backup = _redis.Backup();
        Assert.True((await created.SendAsync("f-1", 1, new Taps("like", 1))).Results[0].IsAccepted);
        await _redis.KillAsync();
        _redis.RestoreFrom(backup);
        await _redis.StartAgainAsync();
        await HeadAsync(); // it answers
        using var next = await Activation.LoadAsync(_log);

        Assert.True((await next.SendAsync("f-2", 1, new Taps("like", 1))).Results[0].IsAccepted);

        // The lost entry had this offset in the epoch before.
        var head = (await HeadAsync()).Position;
        Assert.Equal(before.Position.Offset + 1, head.Offset);
        Assert.True(Epochs.CompareLives(head.Epoch, before.Position.Epoch) > 0);
    }

    // What the sleeper appended last is lost; another activation, which knows what was before, puts that back and appends as much.
    private async Task<LogHead> ForkAsync(Activation sleeper, int batches = 1)
    {
        using var other = await Activation.LoadAsync(_log);
        var backup = _redis.Backup();
        for (var i = 0; i < batches; i++) Assert.True((await sleeper.SendAsync("f-1", i + 1, new Taps("like", 1))).Results[0].IsAccepted);
        var last = await HeadAsync();
        await _redis.KillAsync();
        _redis.RestoreFrom(backup);
        await _redis.StartAgainAsync();
        for (var i = 0; i < batches; i++) Assert.True((await other.SendAsync("f-2", i + 1, new Taps("like", 1))).Results[0].IsAccepted);
        var fork = await HeadAsync();
        Assert.Equal(last.Position, fork.Position);
        Assert.NotEqual(last, fork);
        return fork;
    }

    private async Task<LogHead> HeadAsync() =>
        (await RedisRetry.UntilAnsweredAsync(() => _log.ReadAsync("match-7", Position.Start, 0).AsTask())).Head;
}
