using Interactions.Contracts;
using Interactions.Silo.Directories;
using Interactions.Silo.Logs.Redis;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Silo.Logs;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Directories;

/// <summary>A partition whose Redis comes back without its newest entries.</summary>
public sealed class DirectoryRedisTests : IAsyncLifetime
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
    public async Task An_activation_puts_back_what_it_has_only_read()
    {
        await using (var first = await Partition.OpenAsync(_log)) await first.BeginAsync("a", 1);
        var backup = _redis.Backup();
        await using (var second = await Partition.OpenAsync(_log)) await second.BeginAsync("b", 1);
        await using var partition = await Partition.OpenAsync(_log);
        await _redis.KillAsync();
        _redis.RestoreFrom(backup);
        await _redis.StartAgainAsync();

        Assert.True(await partition.BeginAsync("c", 1));

        var entries = (await RedisRetry.UntilAnsweredAsync(() => _log.ReadAsync(DirectoryLog.NameOf(7), Position.Start, 10).AsTask())).Entries;
        Assert.Equal([1, 2, 3], entries.Select(entry => entry.Position.Offset));
        Assert.Single(entries.Select(entry => entry.Position.Epoch).Distinct());
    }
}
