using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Api;

/// <summary>The way in for interactions, the same on every transport: role, rate, then the stream.</summary>
internal sealed class Sender(SendLimiter limiter, FrontendMetrics metrics)
{
    /// <exception cref="Contracts.Log.LogUnavailableException">The outcome is unknown.</exception>
    /// <exception cref="Contracts.Log.LogFullException">Nothing was taken.</exception>
    public async Task<SendOutcome> SendAsync(OpenStream stream, Identity? identity, IReadOnlyList<SentItem> items)
    {
        if (!Permissions.CanSend(identity, stream.Id)) return All(items, ItemResult.Rejected(Code.Forbidden), null);
        if (!limiter.TryTake(identity!.User, items.Count, out var wait))
        {
            return All(items, ItemResult.Rejected(Code.RateLimited, (long)Math.Ceiling(wait.TotalMilliseconds)), wait);
        }

        var owner = stream.Read((state, _) => state.Owner);
        var moderates = Permissions.Moderates(identity, stream.Id, owner);
        var broadcasts = Permissions.Broadcasts(identity, stream.Id, owner);
        var results = new ItemResult[items.Count];
        var allowed = new List<Submitted>(items.Count);
        foreach (var item in items)
        {
            if (Allows(item.Interaction, moderates, broadcasts)) allowed.Add(new(identity.User, identity.Name, moderates, item.Key, item.Interaction));
        }

        var answers = allowed.Count > 0 ? await stream.SubmitAsync(allowed) : [];
        for (int i = 0, next = 0; i < results.Length; i++)
        {
            results[i] = Allows(items[i].Interaction, moderates, broadcasts) ? answers[next++] : ItemResult.Rejected(Code.Forbidden);
            metrics.ItemAnswered(results[i].Code, TypeName(items[i].Interaction));
        }

        return new(results, null);
    }

    private static bool Allows(Interaction interaction, bool moderates, bool broadcasts) => interaction switch
    {
        Cue or OpenPoll or ClosePoll => broadcasts,
        Pin or Unpin or Ban or Unban => moderates,
        _ => true,
    };

    private SendOutcome All(IReadOnlyList<SentItem> items, ItemResult result, TimeSpan? wait)
    {
        foreach (var item in items) metrics.ItemAnswered(result.Code, TypeName(item.Interaction));
        return new(Enumerable.Repeat(result, items.Count).ToArray(), wait);
    }

    private static string TypeName(Interaction interaction) => interaction switch
    {
        Reaction => "reaction",
        Comment => "comment",
        Vote => "vote",
        Cue => "cue",
        _ => "moderation",
    };
}
