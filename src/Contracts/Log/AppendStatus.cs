namespace Interactions.Contracts.Log;

public enum AppendStatus : byte
{
    /// <summary>Ordered and durable now.</summary>
    Taken,

    /// <summary>This sequence had been taken before; nothing was added, the first answer is repeated.</summary>
    Repeated,

    /// <summary><see cref="AppendRequest.Previous"/> is not the producer's last sequence; nothing was added.</summary>
    Refused,
}
