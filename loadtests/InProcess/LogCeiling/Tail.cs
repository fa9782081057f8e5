using System.Buffers.Binary;
using System.Diagnostics;
using Interactions.LoadTests.Measuring;

namespace Interactions.InProcess.LogCeiling;

/// <summary>A node's subscription to one stream. Checks that offsets are dense.</summary>
internal sealed class Tail(RespConnection connection)
{
    private long _last;

    public bool IsCutOff => connection.IsCutOff;

    public long Holes { get; private set; }

    /// <summary>Takes what was pushed; answers how many entries.</summary>
    public int Receive(Histogram latency)
    {
        var count = 0;
        while (connection.TryRead(out var message))
        {
            // message, channel, "EPOCH OFFSET TIME PRODUCER SEQUENCE ORIGIN\nBATCH"; the batch begins with when it was sent.
            var entry = Resp.Element(message, 2);
            var offset = Resp.Number(entry[(entry.IndexOf((byte)' ') + 1)..]);
            if (_last != 0 && offset != _last + 1) Holes++;
            _last = offset;
            latency.Record(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(entry[(entry.IndexOf((byte)'\n') + 1)..])));
            count++;
        }

        return count;
    }
}
