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

    /// <summary>Reads frames until everyone is counted and each has been sent all that there is, so that a test knows which frame is next.</summary>
    private protected async Task ToTheHeadAsync(int viewers, int named, params TestSink[] sinks)
    {
        foreach (var sink in sinks)
        {
            var at = (await sink.NextWithAsync("position")).GetProperty("position").GetString();
            while (!Stream.Feed.Read((view, _) => view.Viewers == viewers && (view.Roster?.Count ?? 0) == named && view.Position.ToString() == at))
            {
                at = (await sink.NextWithAsync("position")).GetProperty("position").GetString();
            }
        }
    }
}
