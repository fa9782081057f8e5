namespace Interactions.Contracts.Log;

public enum AppendStatus : byte
{
    /// <summary>Ordered and durable now.</summary>
    Taken,

    /// <summary>The head is another than the one that was named. Nothing was added.</summary>
    Refused,

    /// <summary>
    /// The store was started again since the stream's last entry, and may have lost the newest ones. Nothing was added: it takes
    /// only what makes it whole (<see cref="IStreamLog.RestoreAsync"/>) or an entry that opens a new epoch.
    /// </summary>
    Restarted,
}
