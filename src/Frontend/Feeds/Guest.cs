namespace Interactions.Frontend.Feeds;

/// <summary>A user who watches a stream over this frontend, or did until a moment ago.</summary>
internal sealed class Guest(string user)
{
    public string User => user;

    public string Name { get; set; } = "";

    public int Connections { get; set; }

    /// <summary>When the last connection went.</summary>
    public long LeftAtMs { get; set; }

    /// <summary>Whether the stream was told that the user is there.</summary>
    public bool IsTold { get; set; }

    /// <summary>Whether there may be something to tell.</summary>
    public bool IsListed { get; set; }
}
