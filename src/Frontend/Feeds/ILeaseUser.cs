using Interactions.Contracts.Grains;

namespace Interactions.Frontend.Feeds;

/// <summary>Told what renewing leases brings to light. Must return quickly.</summary>
internal interface ILeaseUser
{
    /// <summary>A silo does not answer, is gone or stops, or may have forgotten this frontend: nothing that it pushes can be relied on.</summary>
    void Lost(string silo);

    /// <summary>A stream of which this frontend has a feed stands there.</summary>
    void Hear(FeedHead head);
}
