namespace Interactions.Contracts.Log;

public enum ReadStatus : byte
{
    /// <summary>The entries directly after the position, none missing (none, when the position is the head).</summary>
    Ok,

    /// <summary>The position is older than what is kept.</summary>
    Trimmed,

    /// <summary>The position is of another epoch, or beyond the head.</summary>
    OtherEpoch,
}
