using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;

namespace Interactions.Engine.Paths;

/// <summary>A client in a process of its own: joins streams, calls them, and reports what came.</summary>
internal static class ClientProcess
{
    private static readonly TimeSpan TryFor = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(Numbers options)
    {
        using var host = Connect(options["gateway0", 0], options["gateway1", 0]);
        await host.StartAsync();
        var client = host.Services.GetRequiredService<IClusterClient>();
        var arrivals = new Arrivals();
        var observer = client.CreateObjectReference<IPushObserver>(arrivals);
        var streams = options["streams", 1];
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["join", var way]:
                    for (var i = 0; i < streams; i++) await JoinAsync(client, i, options["client", 0], Enum.Parse<Way>(way), arrivals, observer);
                    Console.WriteLine("joined");
                    break;
                case ["keep", var plan]:
                    _ = KeepAsync(client, streams, options["client", 0], JsonSerializer.Deserialize<Plan>(plan)!, observer);
                    Console.WriteLine("keeping");
                    break;
                case ["call", var plan]:
                    var wanted = JsonSerializer.Deserialize<Plan>(plan)!;
                    await Task.WhenAll(Enumerable.Range(0, streams).Select(i => CallAsync(client.GetGrain<ISourceGrain>(i), i, wanted, arrivals)));
                    Console.WriteLine("called");
                    break;
                default:
                    Console.WriteLine(JsonSerializer.Serialize(arrivals.Take()));
                    break;
            }
        }

        GC.KeepAlive(arrivals);
        return 0;
    }

    public static IHost Connect(params int[] gateways)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseStaticClustering([.. gateways.Select(port => new IPEndPoint(IPAddress.Loopback, port))])
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (SiloProcess.ClusterId, SiloProcess.ClusterId))
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(30))
            .AddMemoryStreams(SiloProcess.Streams));
        return builder.Build();
    }

    private static async Task JoinAsync(IClusterClient client, int stream, int number, Way way, Arrivals arrivals, IPushObserver observer)
    {
        if (way == Way.Broadcast) await client.GetGrain<IChannelGrain>($"{stream}").JoinAsync(number, observer);
        else if (way != Way.MemoryStream) await client.GetGrain<ISourceGrain>(stream).JoinAsync(number, observer);
        else await client.GetStreamProvider(SiloProcess.Streams).GetStream<Push>(StreamId.Create("pushes", stream)).SubscribeAsync((push, _) => arrivals.PushedAsync(push));
    }

    // As a frontend's lease does: says once a second that it is there, also to an activation that knows nothing of it.
    private static async Task KeepAsync(IClusterClient client, int streams, int number, Plan plan, IPushObserver observer)
    {
        while (true)
        {
            await Task.WhenAll(Enumerable.Range(0, streams).Select(async stream =>
            {
                try
                {
                    var grain = client.GetGrain<ISourceGrain>(stream);
                    if (plan.Way == Way.Broadcast) await client.GetGrain<IChannelGrain>($"{stream}").JoinAsync(number, observer).WaitAsync(TryFor);
                    else if (plan.Way != Way.MemoryStream) await grain.JoinAsync(number, observer).WaitAsync(TryFor);
                    await grain.StartAsync(plan).WaitAsync(TryFor);
                }
                catch (Exception lost) when (lost is TimeoutException or OrleansException)
                {
                    // The silo is gone; another takes over.
                }
            }));
            await Task.Delay(1000);
        }
    }

    private static async Task CallAsync(ISourceGrain grain, int stream, Plan plan, Arrivals arrivals)
    {
        await Task.Delay(Random.Shared.Next(50));
        var body = new byte[plan.Bytes];
        var started = Stopwatch.GetTimestamp();
        for (var number = 0L; number < (long)plan.Rate * plan.Seconds;)
        {
            var sent = Stopwatch.GetTimestamp();
            await grain.TakeAsync(new Push(stream, ++number, sent, body));
            arrivals.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), started + (number * Stopwatch.Frequency / plan.Rate));
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
        }
    }
}
