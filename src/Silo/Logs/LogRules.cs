using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>What every log asks of its callers, and how every log judges a head.</summary>
internal static class LogRules
{
    public const int MaxNameLength = 128;
    public const int MaxWriterLength = 32;
    public const int MaxBodyBytes = 4 << 20;
    public const int MaxStateBytes = 256 << 20;

    public static void CheckStream(string stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        if (stream.Length > MaxNameLength || stream.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ArgumentException($"A stream's name has 1 to {MaxNameLength} visible ASCII characters.", nameof(stream));
    }

    /// <exception cref="ArgumentException">The entry does not follow the head, or is none.</exception>
    public static void Check(string stream, Position head, Entry entry)
    {
        CheckStream(stream);
        Check(entry);
        if (head.Offset < 0 || entry.Position.Offset != head.Offset + 1)
            throw new ArgumentException($"The entry {entry.Position} does not follow the head {head}.", nameof(entry));
        if (!head.IsStart && entry.Position.Epoch != head.Epoch && Epochs.CompareLives(entry.Position.Epoch, head.Epoch) <= 0)
            throw new ArgumentException($"The epoch of {entry.Position} does not come after that of the head {head}.", nameof(entry));
    }

    /// <exception cref="ArgumentException">A field is out of its limits.</exception>
    public static void Check(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!IsId(entry.Position.Epoch, Epochs.MaxLength)) throw new ArgumentException($"An epoch has 1 to {Epochs.MaxLength} ASCII letters and digits.", nameof(entry));
        if (!IsId(entry.Writer, MaxWriterLength)) throw new ArgumentException($"A writer has 1 to {MaxWriterLength} ASCII letters and digits.", nameof(entry));
        if (entry.Body.Length is < 1 or > MaxBodyBytes) throw new ArgumentException($"A body has 1 to {MaxBodyBytes} bytes.", nameof(entry));
    }

    public static void Check(string stream, LogHead last, LogSnapshot snapshot)
    {
        Check(stream, snapshot);
        if (snapshot.Position != last.Position) throw new ArgumentException($"The snapshot is of {snapshot.Position}, not of {last.Position}.", nameof(snapshot));
    }

    public static void Check(string stream, LogSnapshot snapshot)
    {
        CheckStream(stream);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapshot.State.Length, MaxStateBytes, nameof(snapshot));
    }

    /// <summary>Whether a writer that names this head knows the last entry; of an empty stream it does not name an epoch.</summary>
    public static bool IsAt(LogHead last, LogHead head) => last.Position.IsStart ? head.Position.IsStart : last == head;

    /// <summary>What reading a stream that does not exist answers.</summary>
    public static ReadResult Unknown(Position after) =>
        new(after.IsStart ? ReadStatus.Ok : ReadStatus.OtherEpoch, [], LogHead.Empty);

    /// <summary>Whether a stream is the service's own: its entries are of no use to anyone once a snapshot holds them.</summary>
    public static bool IsTrimmedBySnapshot(string stream) => StreamIds.IsOwn(stream);

    private static bool IsId(string? id, int max) => id is { Length: >= 1 } && id.Length <= max && id.All(char.IsAsciiLetterOrDigit);
}
