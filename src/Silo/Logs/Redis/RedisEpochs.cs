using System.Globalization;
using Interactions.Contracts;

namespace Interactions.Silo.Logs.Redis;

/// <summary>How a stream's epochs are written in Redis: the present one, and as <c>past</c> those before it, oldest first, each as <c>epoch:last </c>.</summary>
internal static class RedisEpochs
{
    /// <returns>Null when there is no such stream.</returns>
    public static LogEpochs? Parse(string current, string past) => current.Length == 0 ? null
        : new([.. past.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)], current);

    public static string Past(LogEpochs epochs) =>
        string.Concat(epochs.Past.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Epoch}:{one.Last} ")));

    /// <summary>The epochs when this position is the head.</summary>
    public static LogEpochs Append(LogEpochs? epochs, Position next) => epochs?.Append(next) ?? LogEpochs.Of(next.Epoch);

    private static (string Epoch, long Last) ParseOne(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (text[..colon], RedisEntry.Number(text[(colon + 1)..]));
    }
}
