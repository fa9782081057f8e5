using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Interactions.Engine.Paths;

/// <summary>A silo in a process of its own; the first holds the membership. Ends with its standard input.</summary>
internal static class SiloProcess
{
    public const string ClusterId = "engine";
    public const string Streams = "streams";
    public const string Channel = "channel";

    public static async Task<int> RunAsync(Numbers options)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(options["port", 0], options["gateway", 0], new IPEndPoint(IPAddress.Loopback, options["first", 0]), ClusterId, ClusterId);
            silo.AddMemoryGrainStorage("PubSubStore").AddBroadcastChannel(Channel);
            if (options["memory-streams", 0] == 1) silo.AddMemoryStreams(Streams); // which ask their queues ten times a second
            silo.Configure<ClusterMembershipOptions>(members => (members.ProbeTimeout, members.NumMissedProbesLimit) = (TimeSpan.FromSeconds(1), 2));
        });
        using var host = builder.Build();
        await host.StartAsync();
        Console.WriteLine(host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString());
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        Environment.Exit(0); // nothing is to be handed over
        return 0;
    }
}
