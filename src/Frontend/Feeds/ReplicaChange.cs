namespace Interactions.Frontend.Feeds;

/// <summary>What a replica took over. Only what others act on.</summary>
internal struct ReplicaChange
{
    /// <summary>Whether anything was taken.</summary>
    public bool Moved { get; set; }

    /// <summary>Whether the number of viewers changed, or whether there is a roster.</summary>
    public bool Presence { get; set; }

    /// <summary>Users who left the roster; null = none.</summary>
    public List<string>? Left { get; set; }
}
