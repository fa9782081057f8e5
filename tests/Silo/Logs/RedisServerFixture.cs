using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>One redis-server for all tests of a class.</summary>
public sealed class RedisServerFixture : IAsyncLifetime
{
    public RedisProcess Redis { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Redis = await RedisProcess.StartAsync("--appendfsync", "everysec");

    public ValueTask DisposeAsync() => Redis.DisposeAsync();
}
