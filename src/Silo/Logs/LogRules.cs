using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>What every log asks of its callers, and how every log judges a position.</summary>
internal static class LogRules
{
    public const int MaxNameLength = 128;
    public const int MaxProducerLength = 64;
    public const int MaxBatchBytes = 4 << 20;
    public const int MaxStateBytes = 256 << 20;

    public static void CheckStream(string stream) => CheckName(stream, MaxNameLength, nameof(stream));

    public static void Check(string stream, AppendRequest request)
    {
        CheckStream(stream);
        ArgumentNullException.ThrowIfNull(request);
        CheckName(request.Producer, MaxProducerLength, nameof(request));
        if (request.Previous < 0 || request.Sequence <= request.Previous)
            throw new ArgumentException("A sequence has to be greater than the previous one, which is at least 0.", nameof(request));
        if (request.Batch.Length is < 1 or > MaxBatchBytes)
            throw new ArgumentException($"A batch has 1 to {MaxBatchBytes} bytes.", nameof(request));
    }

    /// <summary>Whether a stream that keeps the offsets first..head of an epoch can be read on from the position.</summary>
    public static ReadStatus Judge(string epoch, long first, long head, Position after)
    {
        if (!after.IsStart && (after.Epoch != epoch || after.Offset > head)) return ReadStatus.OtherEpoch;
        return after.Offset < first - 1 ? ReadStatus.Trimmed : ReadStatus.Ok;
    }

    /// <summary>What reading a stream that does not exist answers.</summary>
    public static ReadResult Unknown(Position after) =>
        new(after.IsStart ? ReadStatus.Ok : ReadStatus.OtherEpoch, [], Position.Start);

    /// <summary>Whether a stream is the service's own: its entries are of no use to anyone once a snapshot holds them.</summary>
    public static bool IsTrimmedBySnapshot(string stream) => StreamIds.IsOwn(stream);

    private static void CheckName(string name, int max, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (name.Length > max || name.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ArgumentException($"A name has 1 to {max} visible ASCII characters.", parameter);
    }
}
