using Interactions.Contracts.Grains;

namespace Interactions.Frontend.Feeds;

/// <summary>What this frontend's streams push to. One for all: an observer costs its frontend and each silo something.</summary>
internal sealed class FeedObserver(StreamFeeds feeds) : IFeedObserver
{
    public void Pushed(FeedPush push) => feeds.Pushed(push);

    public void Marked(PushMark mark) => feeds.Marked(mark);

    public void Ended(FeedEnd end) => feeds.Ended(end);
}
