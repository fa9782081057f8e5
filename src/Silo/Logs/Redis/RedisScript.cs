using System.Text;

namespace Interactions.Silo.Logs.Redis;

/// <summary>The log's scripts, embedded beside this file. The client library runs them by their hash.</summary>
internal static class RedisScript
{
    public static string Append { get; } = Load("append");

    public static string Head { get; } = Load("head");

    public static string Restore { get; } = Load("restore");

    public static string Read { get; } = Load("read");

    public static string PutSnapshot { get; } = Load("snapshot");

    public static string Delete { get; } = Load("delete");

    public static string Server { get; } = Load("server");

    private static string Load(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"Interactions.Silo.Logs.Redis.{name}.lua")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
