namespace Interactions.Frontend.Feeds;

/// <summary>This frontend's lease with one silo.</summary>
internal sealed class SiloLease(string silo)
{
    public string Silo => silo;

    /// <summary>1: a call is under way.</summary>
    public int Calling;

    /// <summary>The newest mark of what the silo pushed that arrived.</summary>
    public long Received;

    /// <summary>The mark that the last call confirmed.</summary>
    public long Confirmed;

    /// <summary>When the last call began that was answered; null = none was.</summary>
    public long? HeardAt { get; set; }

    /// <summary>Whether the last call was answered; true before the first.</summary>
    public bool IsAnswering { get; set; } = true;
}
