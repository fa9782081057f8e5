using System.Diagnostics.Metrics;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Nodes;
using Interactions.Tests.Silo.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Frontend.Fanout;

/// <summary>A live stream on a node, and the rooms that its viewers come into.</summary>
public abstract class RoomSpecification : IAsyncLifetime
{
    private readonly MemoryLog _log = new(TimeProvider.System);

    private protected TestNode Node { get; private set; } = null!;

    private protected OpenStream Stream { get; private set; } = null!;

    private protected Rooms Rooms { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Node = await TestNode.StartAsync(_log);
        Stream = await Node.GoLiveAsync("room");
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        Rooms = new Rooms(Node.Node, TimeProvider.System, new FrontendMetrics(meters), NullLogger<Room>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        Rooms.Dispose();
        await Node.DisposeAsync();
        await _log.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
