using Interactions.Contracts.Grains;

namespace Interactions.Frontend.Feeds;

/// <summary>Told what happens to a feed. Called on any thread, also while another call runs; must return quickly.</summary>
internal interface IFeedListener
{
    /// <summary>There is something new to read.</summary>
    void Moved();

    /// <summary>
    /// Nothing follows. With <see cref="FeedEndReason.Moved"/> only this feed was given up: the stream may be there, and is opened
    /// anew.
    /// </summary>
    void Ended(FeedEndReason reason);
}
