using System.Globalization;
using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>How an entry is written in Redis: <c>epoch offset at producer sequence origin</c>, and the batch.</summary>
internal static class RedisEntry
{
    /// <summary>A pushed entry: the header, a newline, the batch.</summary>
    public static Entry Parse(byte[] message)
    {
        var end = message.AsSpan().IndexOf((byte)'\n');
        return Parse(Encoding.ASCII.GetString(message, 0, end), message.AsMemory(end + 1));
    }

    public static Entry Parse(string header, ReadOnlyMemory<byte> batch)
    {
        var parts = header.Split(' ');
        return new Entry(new Position(parts[0], Number(parts[1])), Number(parts[2]), parts[3], Number(parts[4]), batch)
        {
            Origin = Position.TryParse(parts[5], out var origin) ? origin : null,
        };
    }

    public static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
