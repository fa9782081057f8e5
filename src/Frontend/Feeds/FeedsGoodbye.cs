namespace Interactions.Frontend.Feeds;

/// <summary>Says goodbye to the silos while they can still be called.</summary>
internal sealed class FeedsGoodbye(StreamFeeds feeds) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken) => await feeds.DisposeAsync();
}
