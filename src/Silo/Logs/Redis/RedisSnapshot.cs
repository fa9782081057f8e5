using System.Globalization;
using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>How a snapshot is written in Redis: the header <c>epoch offset at</c>, a newline, the state.</summary>
internal static class RedisSnapshot
{
    public static string Header(LogSnapshot snapshot) =>
        string.Create(CultureInfo.InvariantCulture, $"{snapshot.Position.Epoch} {snapshot.Position.Offset} {snapshot.AtMs}");

    public static byte[] Value(LogSnapshot snapshot) => [.. Encoding.ASCII.GetBytes(Header(snapshot)), (byte)'\n', .. snapshot.State.Span];

    /// <exception cref="FormatException">This is no snapshot.</exception>
    public static LogSnapshot Parse(byte[] value)
    {
        var end = Array.IndexOf(value, (byte)'\n');
        if (end < 0) throw new FormatException("A snapshot begins with a line of its own.");
        var (position, atMs) = ParseHeader(Encoding.ASCII.GetString(value, 0, end));
        return new LogSnapshot(position, atMs, value.AsMemory(end + 1));
    }

    /// <exception cref="FormatException">This is no header.</exception>
    public static (Position Position, long AtMs) ParseHeader(string header)
    {
        var parts = header.Split(' ');
        if (parts.Length != 3) throw new FormatException("A snapshot's header has three parts.");
        return (new Position(parts[0], RedisEntry.Number(parts[1])), RedisEntry.Number(parts[2]));
    }
}
