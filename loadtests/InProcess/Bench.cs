using System.Diagnostics.Metrics;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Logs.Rocks;
using Interactions.Silo.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.InProcess;

/// <summary>A node and its rooms without a transport.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly string? _folder;

    private Bench(IStreamLog log, Node node, Rooms rooms, string? folder) => (Log, Node, Rooms, _folder) = (log, node, rooms, folder);

    public IStreamLog Log { get; }

    public Node Node { get; }

    public Rooms Rooms { get; }

    public static Submitted Like { get; } = new("ada", "Ada", false, 0, new Reaction("like", 1));

    public static async Task<Bench> StartAsync(bool onFile = false)
    {
        var time = TimeProvider.System;
        var folder = onFile ? Directory.CreateTempSubdirectory("interactions-").FullName : null;
        IStreamLog log = folder is null ? new MemoryLog(time) : RocksLog.Open(new RocksLogOptions { Path = folder }, time, NullLogger<RocksLog>.Instance);
        var directory = new StreamDirectory(log, time, NullLogger<StreamDirectory>.Instance);
        await directory.OpenAsync();
        var options = new NodeOptions("here", TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(60)) { StreamsPerUser = int.MaxValue };
        var node = new Node(log, options, directory, new DeadlineQueue(time), time, NullLogger<OpenStream>.Instance);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new(log, node, new Rooms(node, time, new FrontendMetrics(meters), NullLogger<Room>.Instance), folder);
    }

    public async Task<OpenStream> GoLiveAsync(string id)
    {
        await Node.Changes.CreateAsync(id, "owner", new SettingsPatch());
        return (await Node.Changes.SetStatusAsync(Node.Directory.Find(id)!, StreamStatus.Live)).Stream!;
    }

    public async Task<(Cursor Cursor, Room Room)> EnterAsync(string stream, ISink sink, string? user = null)
    {
        var cursor = new Cursor(sink, null, user, user, long.MaxValue, TimeProvider.System);
        return (cursor, (await Rooms.EnterAsync(stream, cursor, null, CancellationToken.None))!);
    }

    public async ValueTask DisposeAsync()
    {
        Rooms.Dispose();
        await Node.DisposeAsync();
        await Log.DisposeAsync();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
