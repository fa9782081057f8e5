namespace Interactions.Frontend.Transports.Listener;

/// <summary>What the first bytes of a connection are.</summary>
internal enum HeadVerdict : byte
{
    /// <summary>The beginning of what may become a live request.</summary>
    Incomplete,

    /// <summary>A live request, all of whose head is there.</summary>
    Live,

    /// <summary>Anything else, odd spellings of live requests included: Kestrel's.</summary>
    NotLive,
}
