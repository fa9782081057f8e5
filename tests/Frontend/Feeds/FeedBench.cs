using System.Diagnostics.Metrics;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Timing;
using Interactions.Frontend.Feeds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Interactions.Tests.Frontend.Feeds;

/// <summary>A frontend's feeds and outboxes over a cluster in memory, with time that a test moves.</summary>
internal sealed class FeedBench : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DeadlineQueue _deadlines;

    public FeedBench(FeedOptions? options = null)
    {
        _deadlines = new DeadlineQueue(Time);
        var (frontend, metrics) = (new FrontendId(), new FeedMetrics(_services.GetRequiredService<IMeterFactory>()));
        Outboxes = new(Grains, frontend, options ?? new(), _deadlines, Time, metrics, NullLogger<Outboxes>.Instance);
        Feeds = new(Grains, frontend, Outboxes, options ?? new(), _deadlines, Time, metrics, NullLogger<StreamFeeds>.Instance);
        Frontend = frontend.Value;
        Stream = Grains.Add("match");
        Info = new("match", Stream.Creation, "ada", StreamStatus.Live, Tap: true);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2025, 11, 21, 12, 0, 0, TimeSpan.Zero));

    public FakeGrains Grains { get; } = new();

    public Outboxes Outboxes { get; }

    public StreamFeeds Feeds { get; }

    public string Frontend { get; }

    public FakeStream Stream { get; }

    public StreamInfo Info { get; }

    public async Task<StreamFeed> OpenAsync() => await Feeds.OpenAsync("match") ?? throw new InvalidOperationException("There is no such stream.");

    public Task<ItemResult[]> SendAsync(params Submitted[] items) => Outboxes.SendAsync(Info, items);

    public static Submitted Like(string user = "ada", int count = 1, UInt128 key = default) => new(user, user, false, key, new Reaction("like", count));

    public static Submitted Comment(string text, string user = "ada") => new(user, user, false, 0, new Comment(text, null));

    public static long Likes(StreamFeed feed) => feed.Read((view, _) => view.Total("like"));

    public void Advance(int ms) => Time.Advance(TimeSpan.FromMilliseconds(ms));

    /// <summary>Waits for what other threads are about to do, without moving time.</summary>
    public static async Task UntilAsync(Func<bool> isSo, string what)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            if (TimeProvider.System.GetElapsedTime(limit) > TimeSpan.FromSeconds(10)) throw new TimeoutException($"This did not come: {what}.");
            await Task.Yield();
        }
    }

    /// <summary>Moves time on in small steps until it is so.</summary>
    public async Task AdvanceUntilAsync(Func<bool> isSo, string what, int stepMs = 10)
    {
        for (var steps = 0; steps < 10_000; steps++)
        {
            for (var turns = 0; turns < 20; turns++)
            {
                if (isSo()) return;
                await Task.Yield();
            }

            Advance(stepMs);
        }

        throw new TimeoutException($"This did not come: {what}.");
    }

    public async ValueTask DisposeAsync()
    {
        await Feeds.DisposeAsync();
        Outboxes.Dispose();
        _deadlines.Dispose();
        await _services.DisposeAsync();
    }
}
