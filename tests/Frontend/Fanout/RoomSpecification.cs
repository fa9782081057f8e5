using System.Diagnostics.Metrics;
using Interactions.Contracts.Timing;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Frontend.Fanout;

/// <summary>A live stream, a frontend that subscribes to it, and the rooms that its viewers come into.</summary>
public abstract class RoomSpecification : IAsyncLifetime
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DeadlineQueue _deadlines = new(TimeProvider.System);
    private readonly ConnectionLog _connections = new(TimeProvider.System, NullLogger<ConnectionLog>.Instance);
    private Outboxes _outboxes = null!;
    private StreamFeeds _feeds = null!;

    private protected LocalGrains Stream { get; private set; } = null!;

    private protected Draining Draining { get; } = new();

    private protected Rooms Rooms { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var time = TimeProvider.System;
        var meters = _services.GetRequiredService<IMeterFactory>();
        var metrics = new FeedMetrics(meters);
        var frontend = new FrontendId();
        var options = new FeedOptions { RosterGrace = TimeSpan.FromMilliseconds(300) };
        Stream = await LocalGrains.StartAsync();
        _outboxes = new Outboxes(Stream, frontend, options, _deadlines, time, metrics, NullLogger<Outboxes>.Instance);
        _feeds = new StreamFeeds(Stream, frontend, _outboxes, options, _deadlines, time, metrics, NullLogger<StreamFeeds>.Instance);
        Rooms = new Rooms(_feeds, _deadlines, Draining, time, new FrontendMetrics(meters), _connections, NullLogger<Room>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        Rooms.Dispose();
        await _feeds.DisposeAsync();
        _outboxes.Dispose();
        await Stream.DisposeAsync();
        _deadlines.Dispose();
        _connections.Dispose();
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<StreamFeed> FeedAsync() => (await _feeds.OpenAsync(Stream.Id))!;

    /// <summary>Reads frames until everyone is counted and each has been sent all that there is, so that a test knows which frame is next.</summary>
    private protected async Task ToTheHeadAsync(int viewers, int named, params TestSink[] sinks)
    {
        var feed = await FeedAsync();
        foreach (var sink in sinks)
        {
            var at = (await sink.NextWithAsync("position")).GetProperty("position").GetString();
            while (!feed.Read((view, _) => view.Viewers == viewers && (view.Roster?.Count ?? 0) == named && view.Position.ToString() == at))
            {
                at = (await sink.NextWithAsync("position")).GetProperty("position").GetString();
            }
        }
    }
}
