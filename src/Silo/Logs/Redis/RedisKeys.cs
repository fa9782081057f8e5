using StackExchange.Redis;

namespace Interactions.Silo.Logs.Redis;

/// <summary>What the log's keys and channels are called. A stream's keys share a hash tag.</summary>
internal static class RedisKeys
{
    /// <summary>Hash: epoch, run, head, at, lives.</summary>
    public static RedisKey Meta(string stream) => $"i:{{{stream}}}:meta";

    /// <summary>Redis stream; an entry's id is its offset.</summary>
    public static RedisKey Entries(string stream) => $"i:{{{stream}}}:log";

    /// <summary>Hash: producer → sequence, epoch, offset, log time.</summary>
    public static RedisKey Producers(string stream) => $"i:{{{stream}}}:producers";

    /// <summary>Hash: newest, second.</summary>
    public static RedisKey Snapshots(string stream) => $"i:{{{stream}}}:snapshots";

    /// <summary>Text: the epochs that ended by a deletion, for an hour.</summary>
    public static RedisKey Gone(string stream) => $"i:{{{stream}}}:gone";

    public static string Channel(string stream) => $"i:{{{stream}}}";
}
