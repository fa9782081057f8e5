using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Interactions.Engine.Paths;

/// <summary>Two silos and some clients, each a process; all streams are on the second silo.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly List<Child> _children = [];
    private IHost _driver = null!;

    public Child FirstSilo { get; private set; } = null!;

    public Child SecondSilo { get; private set; } = null!;

    public List<Child> Clients { get; } = [];

    public IGrainFactory Grains => _driver.Services.GetRequiredService<IGrainFactory>();

    public static async Task<Cluster> StartAsync(int clients, int streams, Way way)
    {
        var cluster = new Cluster();
        int[] ports = [FreePort(), FreePort(), FreePort(), FreePort()];
        (cluster.FirstSilo, _) = await cluster.StartSiloAsync(ports[0], ports[2], ports[0], way);
        (cluster.SecondSilo, var second) = await cluster.StartSiloAsync(ports[1], ports[3], ports[0], way);
        cluster._driver = ClientProcess.Connect(ports[2]);
        await cluster._driver.StartAsync();
        RequestContext.Set(Orleans.Runtime.Placement.IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(second));
        for (var i = 0; i < streams; i++)
        {
            if (await cluster.Grains.GetGrain<ISourceGrain>(i).FindAsync() != second) throw new InvalidOperationException($"Stream {i} is on the wrong silo.");
        }

        RequestContext.Clear();
        for (var i = 0; i < clients; i++)
        {
            var client = cluster.Start("client", ("client", i), ("streams", streams), ("gateway0", ports[2]), ("gateway1", ports[3]));
            await client.ReadAsync();
            cluster.Clients.Add(client);
        }

        return cluster;
    }

    public Task<string[]> TellAsync(string what) => Task.WhenAll(Clients.Select(client => client.AskAsync(what)));

    public async Task<ArrivalReport[]> ReportAsync() => [.. (await TellAsync("report")).Select(json => JsonSerializer.Deserialize<ArrivalReport>(json)!)];

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _children) child.Dispose();
        try
        {
            await _driver.StopAsync(new CancellationToken(true));
        }
        catch (OperationCanceledException)
        {
            // Its silos are gone.
        }

        _driver.Dispose();
    }

    private async Task<(Child Silo, string Address)> StartSiloAsync(int port, int gateway, int first, Way way)
    {
        var silo = Start("silo", ("port", port), ("gateway", gateway), ("first", first), ("memory-streams", way == Way.MemoryStream ? 1 : 0));
        return (silo, await silo.ReadAsync());
    }

    private Child Start(string role, params (string Name, int Value)[] options)
    {
        var child = new Child(role, options);
        _children.Add(child);
        return child;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
