using System.Security.Cryptography;
using System.Text;

namespace Interactions.Silo.Logs.Redis;

/// <summary>The log's scripts, embedded beside this file; run by their hash, sent whole when the server does not know it.</summary>
internal sealed record RedisScript(string Text)
{
    public static RedisScript Append { get; } = Load("append");

    public static RedisScript Read { get; } = Load("read");

    public static RedisScript Heads { get; } = Load("heads");

    public static RedisScript PutSnapshot { get; } = Load("snapshot");

    public static RedisScript Delete { get; } = Load("delete");

    /// <summary>As Redis names scripts: SHA-1 in lower-case hex.</summary>
#pragma warning disable CA5350 // Not for security.
    public string Hash { get; } = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(Text)));
#pragma warning restore CA5350

    private static RedisScript Load(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"Interactions.Silo.Logs.Redis.{name}.lua")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new(reader.ReadToEnd());
    }
}
