using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Interactions;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Hosting;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Streams;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Interactions.InProcess;

/// <summary>A process that is silo and frontend, without a transport: grains, feeds and rooms.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly SharedServices _shared;
    private readonly ClusterLink _link;
    private readonly ServiceProvider _services;
    private readonly string? _folder;

    private Bench(SharedServices shared, ClusterLink link, ServiceProvider services, string? folder)
    {
        (_shared, _link, _services, _folder) = (shared, link, services, folder);
        (Rooms, Outboxes, Feeds) = (services.GetRequiredService<Rooms>(), services.GetRequiredService<Outboxes>(), services.GetRequiredService<StreamFeeds>());
    }

    public Rooms Rooms { get; }

    public Outboxes Outboxes { get; }

    public StreamFeeds Feeds { get; }

    public static Submitted Like { get; } = new("ada", "Ada", false, 0, new Reaction("like", 1));

    public static async Task<Bench> StartAsync(bool onFile = false)
    {
        var folder = onFile ? Directory.CreateTempSubdirectory("interactions-").FullName : null;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Log:Kind"] = onFile ? "Rocks" : "Memory", ["Log:Path"] = folder ?? "./data", ["Limits:StreamsPerUser"] = "1000000", ["Logging:LogLevel:Default"] = "Warning",
        }).Build();
        var settings = AllSettings.Read(configuration);
        var shared = new SharedServices(configuration, settings.Telemetry);
        var link = new ClusterLink(settings, shared, RuleBook.Standard);
        await link.Opened;
        var services = new ServiceCollection().AddSettings(settings).AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System).AddSingleton<IClusterState>(link).AddSingleton<IGrainFactory>(link.Client);
        services.AddTelemetry();
        services.AddFrontend();
        shared.ShareWith(services);
        return new(shared, link, services.BuildServiceProvider(), folder);
    }

    public async Task<StreamInfo> GoLiveAsync(string id)
    {
        var stream = Feeds.Grain(id);
        var created = await stream.ConfigureAsync(new ConfigureRequest("owner", 0, new SettingsPatch()));
        var live = await stream.SetStatusAsync(created.Info!.Creation, StreamStatus.Live);
        return live.Info!;
    }

    public async Task<(Cursor Cursor, Room Room)> EnterAsync(string stream, ISink sink, string? user = null)
    {
        var cursor = new Cursor(sink, null, user, user, long.MaxValue, TimeProvider.System);
        return (cursor, (await Rooms.EnterAsync(stream, cursor, null, CancellationToken.None))!);
    }

    public async ValueTask DisposeAsync()
    {
        await Feeds.DisposeAsync();
        await _services.DisposeAsync();
        await _link.DisposeAsync();
        await _shared.DisposeAsync();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
