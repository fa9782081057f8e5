using System.Net;
using System.Net.Sockets;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Silo.Grains;
using Interactions.Silo.Hosting;
using Interactions.Silo.Logs;
using Interactions.Silo.Streams;
using Interactions.Tests.Silo.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Interactions.Tests.Silo.Hosting;

/// <summary>A silo in this process: alone, or in a cluster over Redis.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public string Name => Services.GetRequiredService<ClusterView>().Local;

    public static async Task<TestSilo> StartAsync(
        IStreamLog log, string? redis = null, ClusterCertificate? certificate = null, SiloEndpoint? endpoint = null, int streamsPerUser = 1000, string id = "test", RuleBook? rules = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddFilter("Orleans", LogLevel.None);
        builder.AddSilo(
            new SiloOptions(new StreamOptions("here", TimeSpan.FromSeconds(120)) { IsAlone = redis is null, Rules = rules ?? RuleBook.Standard }) { StreamsPerUser = streamsPerUser },
            new ClusterNetwork(id, redis is null ? null : ConfigurationOptions.Parse(redis), certificate),
            endpoint ?? NewEndpoint(),
            new LogServers(log));

        // Tests are cold and may be slow, and a silo that is declared dead ends its process: here that of all tests.
        builder.Services.Configure<Orleans.Configuration.SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(30));
        builder.Services.Configure<Orleans.Configuration.ClusterMembershipOptions>(membership => membership.ProbeTimeout = TimeSpan.FromSeconds(30));
        var silo = new TestSilo(builder.Build());
        await silo._host.StartAsync();
        return silo;
    }

    public static SiloEndpoint NewEndpoint() => new(IPAddress.Loopback, FreePort(), FreePort());

    /// <summary>Calls a silo as a frontend does.</summary>
    public Task<LeaseAnswer> RenewAsync(string silo, IFeedObserver? observer = null, long received = 0) =>
        Grains.GetGrain<ISiloGrain>(silo).RenewAsync(new LeaseRequest("f-1", Grains.CreateObjectReference<IFeedObserver>(observer ?? new TestObserver()), received));

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
