using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.NextRelease;
using Interactions.Silo.Hosting;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Streams;
using Interactions.Tests.EndToEnd.Harness;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Xunit;

namespace Interactions.Tests.Silo.Hosting;

/// <summary>Silos of two releases in one cluster.</summary>
public sealed class ChangedRulesTests : IAsyncLifetime
{
    private const int Streams = 8;

    private readonly MemoryLog _log = new();
    private RedisProcess _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _log.DisposeAsync();
    }

    [Fact]
    public async Task New_rules_begin_when_every_silo_knows_them()
    {
        await using var old = await TestSilo.StartAsync(_log, _redis.Address);
        await using var one = await TestSilo.StartAsync(_log, _redis.Address, rules: NextRules.Book);
        await Eventually.TrueAsync(() => Task.FromResult(RulesOf(one).SiloThatKnows(RuleBook.First) is not null && RulesOf(old).SiloThatKnows(NextRules.Version) is not null));
        Assert.Equal((RuleBook.First, RuleBook.First), (RulesOf(old).Version, RulesOf(one).Version));

        await old.StopAsync();

        await using var other = await TestSilo.StartAsync(_log, _redis.Address, rules: NextRules.Book);
        await Eventually.TrueAsync(() => Task.FromResult(RulesOf(one).Version == NextRules.Version && RulesOf(other).Version == NextRules.Version));
    }

    [Fact]
    public async Task A_stream_of_later_rules_moves_to_a_silo_that_knows_them()
    {
        await WriteByNextRulesAsync();
        await using var old = await TestSilo.StartAsync(_log, _redis.Address);
        await using var one = await TestSilo.StartAsync(_log, _redis.Address, rules: NextRules.Book);
        await Eventually.TrueAsync(() => Task.FromResult(RulesOf(old).SiloThatKnows(NextRules.Version) is not null));

        var here = old.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        for (var i = 0; i < Streams; i++)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, here); // the worst choice, whatever the cluster would choose
            Assert.Equal(Code.Unavailable, await FindAsync(old, i));
        }

        RequestContext.Clear();
        for (var i = 0; i < Streams; i++)
        {
            var stream = i;
            await Eventually.TrueAsync(async () => await FindAsync(old, stream) == Code.Accepted);
        }
    }

    [Fact]
    public async Task A_stream_of_later_rules_is_unavailable_until_a_silo_knows_them()
    {
        await WriteByNextRulesAsync();
        await using var old = await TestSilo.StartAsync(_log, _redis.Address);
        for (var i = 0; i < Streams; i++) Assert.Equal(Code.Unavailable, await FindAsync(old, i));
        Assert.Equal(Code.Unavailable, await FindAsync(old, 0));

        await using var one = await TestSilo.StartAsync(_log, _redis.Address, rules: NextRules.Book);

        for (var i = 0; i < Streams; i++)
        {
            var stream = i;
            await Eventually.TrueAsync(async () => await FindAsync(old, stream) == Code.Accepted);
        }

        Assert.All(await Task.WhenAll(Enumerable.Range(0, Streams).Select(RulesAsync)), rules => Assert.Equal([2], rules));
    }

    // A silo that is alone knows what every silo knows.
    private async Task WriteByNextRulesAsync()
    {
        await using var next = await TestSilo.StartAsync(_log, rules: NextRules.Book);
        for (var i = 0; i < Streams; i++)
            Assert.Equal(Code.Accepted, (await next.Grains.GetGrain<IStreamGrain>($"s{i}").ConfigureAsync(new ConfigureRequest("ada", 0, new SettingsPatch()))).Code);
    }

    private async Task<IEnumerable<int>> RulesAsync(int stream) =>
        (await _log.ReadAsync($"s{stream}", Position.Start, 100)).Entries.Select(entry => (int)EntryCodec.RulesOf(entry.Body));

    private static async Task<Code> FindAsync(TestSilo silo, int stream) => (await silo.Grains.GetGrain<IStreamGrain>($"s{stream}").FindAsync()).Code;

    private static ClusterRules RulesOf(TestSilo silo) => silo.Services.GetRequiredService<ClusterRules>();
}
