using StackExchange.Redis;

namespace Interactions.Silo.Logs.Redis;

/// <summary>What the log's keys are called: <c>i2:{stream}:…</c>, where 2 is the version of what is stored.</summary>
internal static class RedisKeys
{
    private const string Prefix = "i2:{";
    private const string MetaSuffix = "}:meta";

    /// <summary>One of these is in a Redis that an earlier version kept its streams in.</summary>
    public static RedisKey[] EarlierVersion { get; } = ["i:{$streams}:meta", "i:{$nodes}:meta"];

    /// <summary>Matches the metas of all streams.</summary>
    public static RedisValue AnyMeta { get; } = $"{Prefix}*{MetaSuffix}";

    /// <summary>Hash: epoch, head (its offset), writer and number (of the entry at the head), run (of the server), past (see <see cref="RedisEpochs"/>).</summary>
    public static RedisKey Meta(string stream) => $"{Prefix}{stream}{MetaSuffix}";

    /// <summary>Redis stream; an entry's id is its offset.</summary>
    public static RedisKey Entries(string stream) => $"{Prefix}{stream}}}:log";

    /// <summary>Hash: newest (a or b), a:at and b:at (headers), a and b (headers and states).</summary>
    public static RedisKey Snapshots(string stream) => $"{Prefix}{stream}}}:snapshots";

    /// <summary>Text: the epochs that ended by a deletion, each followed by a space, for a day.</summary>
    public static RedisKey Gone(string stream) => $"{Prefix}{stream}}}:gone";

    /// <summary>The stream whose meta this is.</summary>
    public static string StreamOf(string meta) => meta[Prefix.Length..^MetaSuffix.Length];
}
