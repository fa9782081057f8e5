namespace Interactions.Contracts.Grains;

/// <summary>
/// A frontend, as streams push to it. Calls are one-way: they may be lost, and arrive in any order; each names where it belongs.
/// </summary>
[Alias("interactions.feedObserver")]
public interface IFeedObserver : IGrainObserver
{
    /// <summary>What an entry changed.</summary>
    [Alias("pushed")]
    void Pushed(FeedPush push);

    /// <summary>What a silo has pushed up to now; the frontend's next lease confirms it.</summary>
    [Alias("marked")]
    void Marked(PushMark mark);

    /// <summary>The stream leaves its silo, or is no more: subscribe again, or end.</summary>
    [Alias("ended")]
    void Ended(FeedEnd end);
}
