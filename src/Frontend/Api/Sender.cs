using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Telemetry;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Api;

/// <summary>The way in for interactions, the same on every transport: role, rate, then the frontend's outbox.</summary>
internal sealed class Sender(SendLimiter limiter, StreamFeeds feeds, Outboxes outboxes, FrontendMetrics metrics)
{
    /// <exception cref="Contracts.Log.LogUnavailableException">The outcome is unknown.</exception>
    /// <exception cref="Contracts.Log.LogFullException">Nothing was taken.</exception>
    /// <exception cref="Contracts.Log.LogDamagedException">What is stored of the stream is damaged.</exception>
    public async Task<SendOutcome> SendAsync(StreamInfo stream, Identity? identity, IReadOnlyList<SentItem> items)
    {
        using var span = Tracing.Receive(stream.Id, items.Count);
        if (TapOfNone(stream, items) is { } place) return new([], null, $"Item {place}: where taps add up, count is a whole number from 1 to 100.");
        if (!Permissions.CanSend(identity, stream.Id)) return All(items, ItemResult.Rejected(Code.Forbidden), null);
        if (!limiter.TryTake(identity!.User, items.Count, out var wait))
        {
            return All(items, ItemResult.Rejected(Code.RateLimited, (long)Math.Ceiling(wait.TotalMilliseconds)), wait);
        }

        var moderates = Permissions.Moderates(identity, stream.Id, stream.Owner);
        var results = new ItemResult[items.Count];
        var allowed = new List<Submitted>(items.Count);
        var places = new List<int>(items.Count);
        for (var i = 0; i < results.Length; i++)
        {
            var (interaction, key) = items[i];
            results[i] = ItemResult.Rejected(Code.Forbidden);
            if (!Permissions.Has(identity, InteractionTypes.RequiredRole(interaction), stream.Id, stream.Owner)) continue;
            allowed.Add(new(identity.User, identity.Name, moderates, key, interaction));
            places.Add(i);
        }

        var answers = allowed.Count > 0 ? await outboxes.SendAsync(stream, allowed, feeds.MayBeBanned(stream, identity.User)) : [];
        if (allowed.Exists(static item => item.Interaction is Ban or Unban)) feeds.Forget(stream.Id); // what it decided holds from now on
        for (var i = 0; i < answers.Length; i++) results[places[i]] = answers[i];
        for (var i = 0; i < results.Length; i++) metrics.ItemAnswered(results[i].Code, InteractionTypes.Name(items[i].Interaction));
        return new(results, null);
    }

    // Taking back is for streams where each user reacts once: what the shape of a reaction is depends on the stream.
    private static int? TapOfNone(StreamInfo stream, IReadOnlyList<SentItem> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Interaction is Reaction { Count: 0 }) return stream.Tap ? i : null;
        }

        return null;
    }

    private SendOutcome All(IReadOnlyList<SentItem> items, ItemResult result, TimeSpan? wait)
    {
        foreach (var item in items) metrics.ItemAnswered(result.Code, InteractionTypes.Name(item.Interaction));
        return new(Enumerable.Repeat(result, items.Count).ToArray(), wait);
    }
}
