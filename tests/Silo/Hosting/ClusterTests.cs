using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Silo.Logs.Memory;
using Interactions.Tests.EndToEnd.Harness;
using StackExchange.Redis;
using Xunit;

namespace Interactions.Tests.Silo.Hosting;

/// <summary>Silos that find each other over a real Redis; they share a log in this process.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly MemoryLog _log = new();
    private RedisProcess _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _log.DisposeAsync();
    }

    [Fact]
    public async Task Silos_know_each_other_and_each_answers_for_itself()
    {
        await using var one = await TestSilo.StartAsync(_log, _redis.Address);
        await using var other = await TestSilo.StartAsync(_log, _redis.Address);

        string[] names = [.. new[] { one.Name, other.Name }.Order(StringComparer.Ordinal)];
        await Eventually.TrueAsync(async () => names.SequenceEqual((await one.RenewAsync(other.Name)).Silos));
        Assert.Equal(names, (await other.RenewAsync(one.Name)).Silos);
    }

    [Fact]
    public async Task Processes_of_another_cluster_are_strangers_on_the_same_Redis()
    {
        await using var one = await TestSilo.StartAsync(_log, _redis.Address);
        await using var other = await TestSilo.StartAsync(_log, _redis.Address, id: "another");

        Assert.Equal([one.Name], (await one.Grains.GetGrain<IClusterGrain>(0).SilosAsync()).Silos);
        Assert.Equal([other.Name], (await other.Grains.GetGrain<IClusterGrain>(0).SilosAsync()).Silos);
    }

    [Fact]
    public async Task A_silo_that_stops_leaves_and_its_streams_are_where_others_are()
    {
        await using var one = await TestSilo.StartAsync(_log, _redis.Address);
        await using var other = await TestSilo.StartAsync(_log, _redis.Address);
        for (var i = 0; i < 20; i++) Assert.Equal(Code.Accepted, await CreateAsync(one, $"s{i}"));

        await other.StopAsync();

        await Eventually.TrueAsync(async () => (await one.Grains.GetGrain<IClusterGrain>(0).SilosAsync()).Silos.Count == 1);
        for (var i = 0; i < 20; i++) Assert.Equal(Code.Accepted, (await one.Grains.GetGrain<IStreamGrain>($"s{i}").FindAsync()).Code);
        Assert.Equal(20, (await Task.WhenAll(Enumerable.Range(0, DirectoryPartitions.Count)
            .Select(partition => one.Grains.GetGrain<IDirectoryGrain>(partition).PageAsync(null, "", "", 100)))).Sum(page => page.Count));
    }

    [Fact]
    public async Task Silos_with_certificates_of_one_authority_talk()
    {
        using var authority = new TestCertificate();
        using var first = new TestCertificate(authority);
        using var second = new TestCertificate(authority);
        await using var one = await TestSilo.StartAsync(_log, _redis.Address, first.Load());
        await using var other = await TestSilo.StartAsync(_log, _redis.Address, second.Load());

        await Eventually.TrueAsync(async () => (await one.RenewAsync(other.Name)).Silos.Count == 2);
    }

    [Fact]
    public async Task Silos_go_on_while_the_list_of_silos_is_away()
    {
        await using var one = await TestSilo.StartAsync(_log, _redis.Address);
        await using var other = await TestSilo.StartAsync(_log, _redis.Address);
        await _redis.KillAsync();

        for (var i = 0; i < 20; i++) Assert.Equal(Code.Accepted, await CreateAsync(one, $"s{i}"));

        await _redis.StartAgainAsync();
    }

    [Fact]
    public async Task A_list_of_silos_that_was_lost_does_not_split_the_cluster()
    {
        await using var one = await TestSilo.StartAsync(_log, _redis.Address);
        await using var other = await TestSilo.StartAsync(_log, _redis.Address);
        using var redis = await ConnectionMultiplexer.ConnectAsync(_redis.Address + ",allowAdmin=true");
        var list = redis.GetDatabase();
        await Eventually.TrueAsync(async () => await list.HashLengthAsync("test/members/test") == 3);

        await redis.GetServers()[0].FlushAllDatabasesAsync();

        await using var late = await TestSilo.StartAsync(_log, _redis.Address);
        foreach (var silo in new[] { one, other, late })
            await Eventually.TrueAsync(async () => (await silo.Grains.GetGrain<IClusterGrain>(0).SilosAsync()).Silos.Count == 3);
    }

    [Fact]
    public async Task A_silo_waits_for_a_list_of_silos_that_is_away()
    {
        await _redis.KillAsync();
        var starting = TestSilo.StartAsync(_log, _redis.Address);

        await _redis.StartAgainAsync();

        await using var silo = await starting;
        Assert.Equal([silo.Name], (await silo.Grains.GetGrain<IClusterGrain>(0).SilosAsync()).Silos);
    }

    private static async Task<Code> CreateAsync(TestSilo silo, string id) =>
        (await silo.Grains.GetGrain<IStreamGrain>(id).ConfigureAsync(new ConfigureRequest("ada", 0, new SettingsPatch()))).Code;
}
