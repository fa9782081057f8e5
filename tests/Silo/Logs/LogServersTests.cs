using Interactions.Contracts.Log;
using Interactions.Silo.Logs;
using Interactions.Silo.Logs.Memory;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

public sealed class LogServersTests
{
    [Fact]
    public async Task The_only_log_has_no_name_and_holds_every_stream()
    {
        await using var log = Open();
        var servers = new LogServers(log);

        Assert.Null(servers.Place("s"));
        Assert.Same(log, servers.Of(null));
        Assert.Same(log, servers.Of(""));
        Assert.Same(log, servers.First);
        Assert.Equal([""], servers.Names);
    }

    [Fact]
    public async Task Streams_are_spread_over_the_servers_and_one_more_server_takes_only_its_share()
    {
        await using var two = Servers("a", "b");
        await using var three = Servers("a", "b", "c");
        string[] streams = [.. Enumerable.Range(0, 300).Select(i => $"s{i}")];

        var before = streams.ToDictionary(stream => stream, stream => two.Place(stream));
        var moved = streams.Where(stream => three.Place(stream) != before[stream]).ToArray();

        Assert.All(two.Names, name => Assert.InRange(before.Values.Count(place => place == name), 120, 180));
        Assert.All(moved, stream => Assert.Equal("c", three.Place(stream)));
        Assert.InRange(moved.Length, 70, 130);
    }

    [Fact]
    public async Task A_stream_without_a_server_is_on_the_first_and_an_unknown_server_is_unavailable()
    {
        await using var servers = Servers("a", "b");

        Assert.Same(servers.First, servers.Of(""));
        Assert.Same(servers.First, servers.Of("a"));
        Assert.NotSame(servers.First, servers.Of("b"));
        Assert.Throws<LogUnavailableException>(() => servers.Of("c"));
    }

    private static LogServers Servers(params string[] names) => new([.. names.Select(name => KeyValuePair.Create(name, (IStreamLog)Open()))]);

    private static MemoryLog Open() => new();
}
