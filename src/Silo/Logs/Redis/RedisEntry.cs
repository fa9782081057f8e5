using System.Globalization;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>How an entry is written in Redis: the header <c>epoch offset at writer number</c>, and the body.</summary>
internal static class RedisEntry
{
    public static string Header(Entry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.Position.Epoch} {entry.Position.Offset} {entry.AtMs} {entry.Writer} {entry.Number}");

    /// <exception cref="FormatException">This is no entry.</exception>
    public static Entry Parse(string header, ReadOnlyMemory<byte> body)
    {
        var parts = header.Split(' ');
        if (parts.Length != 5) throw new FormatException("An entry's header has five parts.");
        return new Entry(new Position(parts[0], Number(parts[1])), Number(parts[2]), parts[3], Number(parts[4]), body);
    }

    public static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
