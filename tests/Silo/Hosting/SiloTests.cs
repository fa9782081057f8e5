using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Silo.Logs.Memory;
using Interactions.Tests.Silo.Grains;
using Orleans.Runtime;
using Xunit;

namespace Interactions.Tests.Silo.Hosting;

/// <summary>Grains on the silo of a process that is its whole cluster.</summary>
public sealed class SiloTests : IAsyncDisposable
{
    private readonly MemoryLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Two_silos_that_are_alone_share_a_machine_and_know_nothing_of_each_other()
    {
        await using var one = await TestSilo.StartAsync(_log);
        await using var other = await TestSilo.StartAsync(new MemoryLog());

        Assert.Equal([one.Name], (await one.Grains.GetGrain<IClusterGrain>(0).SilosAsync()).Silos);
        Assert.Equal([other.Name], (await other.Grains.GetGrain<IClusterGrain>(0).SilosAsync()).Silos);
    }

    [Fact]
    public async Task A_silo_answers_for_itself_and_for_no_other()
    {
        await using var silo = await TestSilo.StartAsync(_log);

        var lease = await silo.RenewAsync(silo.Name);

        Assert.Equal([silo.Name], lease.Silos);
        Assert.Empty(lease.Heads);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => silo.RenewAsync("127.0.0.1:1@1"));
    }

    [Fact]
    public async Task What_was_pushed_to_a_frontend_is_marked_until_a_lease_confirms_it()
    {
        await using var silo = await TestSilo.StartAsync(_log);
        var stream = silo.Grains.GetGrain<IStreamGrain>("match-7");
        var creation = (await stream.ConfigureAsync(new ConfigureRequest("ada", 0, new SettingsPatch()))).Info!.Creation;
        var observer = new TestObserver();
        await stream.SubscribeAsync(new SubscribeRequest("f-1", silo.Grains.CreateObjectReference<IFeedObserver>(observer), Position.Start));
        await stream.SetStatusAsync(creation, StreamStatus.Live);

        await silo.RenewAsync(silo.Name, observer);
        await Eventually.TrueAsync(() => Task.FromResult(observer.Mark is not null));
        var mark = observer.Mark!;
        Assert.Equal((silo.Name, Assert.Single(observer.Pushes).SizeBytes), (mark.Silo, mark.Bytes));

        var other = new TestObserver();
        await silo.RenewAsync(silo.Name, other, mark.Bytes);
        await stream.SetStatusAsync(creation, StreamStatus.Ended);
        await silo.RenewAsync(silo.Name, other, mark.Bytes);
        await Eventually.TrueAsync(() => Task.FromResult(other.Mark?.Bytes > mark.Bytes));
    }

    [Fact]
    public async Task A_probe_tells_whether_the_log_answers()
    {
        var log = new FailingLog(_log);
        await using var silo = await TestSilo.StartAsync(log);
        Assert.True(await silo.Grains.GetGrain<IClusterGrain>(0).ProbeAsync());

        log.IsAway = true;

        await Eventually.TrueAsync(async () => !await silo.Grains.GetGrain<IClusterGrain>(0).ProbeAsync());
    }

    [Fact]
    public async Task A_stream_is_created_by_two_entries_of_the_directory_and_listed()
    {
        await using var silo = await TestSilo.StartAsync(_log);

        var created = await silo.Grains.GetGrain<IStreamGrain>("match-7").ConfigureAsync(new ConfigureRequest("ada", 0, new SettingsPatch(Title: "Final")));

        Assert.Equal(Code.Accepted, created.Code);
        var partition = DirectoryPartitions.Of("match-7");
        var row = Assert.Single(await silo.Grains.GetGrain<IDirectoryGrain>(partition).PageAsync(null, "", "", 10));
        Assert.Equal(("match-7", "ada", "Final", created.Info!.Creation), (row.Id, row.Owner, row.Title, row.Creation));
        Assert.Equal(2, (await _log.ReadAsync($"$directory-{partition:d2}", Position.Start, 0)).Head.Position.Offset);
    }

    [Fact]
    public async Task A_user_owns_as_many_streams_as_one_may_also_after_the_silo_starts_anew()
    {
        await using (var silo = await TestSilo.StartAsync(_log, streamsPerUser: 2))
        {
            Assert.Equal(Code.Accepted, await CreateAsync(silo, "a"));
            Assert.Equal(Code.Accepted, await CreateAsync(silo, "b"));
            Assert.Equal(Code.TooManyStreams, await CreateAsync(silo, "c"));
        }

        await using var next = await TestSilo.StartAsync(_log, streamsPerUser: 2);
        Assert.Equal(Code.TooManyStreams, await CreateAsync(next, "c"));
        var info = (await next.Grains.GetGrain<IStreamGrain>("a").FindAsync()).Info!;
        Assert.Equal(Code.Accepted, (await next.Grains.GetGrain<IStreamGrain>("a").DeleteAsync(info.Creation)).Code);
        Assert.Equal(Code.Accepted, await CreateAsync(next, "c"));
    }

    [Fact]
    public async Task A_creation_that_a_crash_cut_off_is_finished_after_the_next_start_without_anyone_asking()
    {
        var row = new DirectoryRow("match-7", "ada", "Final", StreamStatus.Created, 42, 5);
        await using (var killed = await TestSilo.StartAsync(_log))
        {
            var directory = killed.Grains.GetGrain<IDirectoryGrain>(DirectoryPartitions.Of(row.Id));
            Assert.True(await directory.BeginAsync(new DirectoryIntent("i1", DirectoryIntentKind.Create, row, new SettingsPatch(Title: "Final", SlowModeSeconds: 7))));
        }

        await using var next = await TestSilo.StartAsync(_log);

        await Eventually.TrueAsync(async () => (await _log.ReadAsync(row.Id, Position.Start, 1)).Entries.Count == 1);
        var info = (await next.Grains.GetGrain<IStreamGrain>(row.Id).FindAsync()).Info!;
        Assert.Equal((42UL, "ada"), (info.Creation, info.Owner));
    }

    private static async Task<Code> CreateAsync(TestSilo silo, string id) =>
        (await silo.Grains.GetGrain<IStreamGrain>(id).ConfigureAsync(new ConfigureRequest("ada", 0, new SettingsPatch()))).Code;
}
