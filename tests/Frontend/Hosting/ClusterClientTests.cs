using Interactions.Contracts.Grains;
using Interactions.Frontend.Hosting;
using Interactions.Silo.Hosting;
using Interactions.Silo.Logs.Memory;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Xunit;

namespace Interactions.Tests.Frontend.Hosting;

/// <summary>What a frontend reaches silos by that are other processes.</summary>
public sealed class ClusterClientTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stopping = new();
    private RedisProcess _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_finds_no_silo_waits_for_one()
    {
        using var client = Client();
        var connecting = client.StartAsync(_stopping.Token);

        await using var silo = await TestSilo.StartAsync(new MemoryLog(), _redis.Address);

        await connecting.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal([silo.Name], (await client.Services.GetRequiredService<IClusterClient>().GetGrain<IClusterGrain>(0).SilosAsync()).Silos);
        await client.StopAsync();
    }

    [Fact]
    public async Task A_client_needs_a_certificate_that_the_silos_trust()
    {
        using var shared = new TestCertificate();
        using var another = new TestCertificate();
        await using var silo = await TestSilo.StartAsync(new MemoryLog(), _redis.Address, shared.Load());
        using var trusted = Client(shared.Load());
        await trusted.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(await trusted.Services.GetRequiredService<IClusterClient>().GetGrain<IClusterGrain>(0).ProbeAsync());
        await trusted.StopAsync();

        using var stranger = Client(another.Load());
        using var bare = Client();
        var connecting = new[] { stranger.StartAsync(_stopping.Token), bare.StartAsync(_stopping.Token) };
        await Task.Delay(TimeSpan.FromSeconds(2));

        Assert.DoesNotContain(connecting, one => one.IsCompletedSuccessfully);
        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => connecting[0]);
        await Assert.ThrowsAnyAsync<Exception>(() => connecting[1]);
    }

    private IHost Client(ClusterCertificate? certificate = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddFilter("Orleans", LogLevel.None);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddClusterClient(new ClusterNetwork("test", ConfigurationOptions.Parse(_redis.Address), certificate), static () => { }, _stopping.Token);
        return builder.Build();
    }
}
