using System.Diagnostics;
using System.Buffers.Binary;
using Interactions.Contracts;
using Interactions.LoadTests.Measuring;
using Interactions.Silo.Logs.Redis;

namespace Interactions.InProcess.LogCeiling;

/// <summary>
/// A node's appends to one stream: the log's own script, one append under way at a time, the next when the interval is
/// over and the last was answered. So a slow server is sent fewer and larger batches by a real node, and fewer ones here.
/// </summary>
/// <param name="script">The hash by which the server knows the script.</param>
internal sealed class Appender(string stream, int number, string script, RespConnection connection, int batchBytes)
{
    private readonly string _producer = $"load-{number}-{Epochs.New()}";
    private readonly byte[] _batch = new byte[Math.Max(sizeof(long), batchBytes)];
    private long _sequence;
    private long _due;
    private long _sent;

    public bool IsWaiting { get; private set; }

    public void Begin(long at) => _due = at;

    /// <summary>Sends what is due.</summary>
    public bool Send(long now, long interval)
    {
        if (IsWaiting || now < _due) return false;
        _due = Math.Max(_due + interval, now);
        _sent = Stopwatch.GetTimestamp();
        BinaryPrimitives.WriteInt64LittleEndian(_batch, _sent);
        connection.Send(
            "EVALSHA", script, 4,
            RedisKeys.Meta(stream).ToString(), RedisKeys.Entries(stream).ToString(), RedisKeys.Producers(stream).ToString(), RedisKeys.Gone(stream).ToString(),
            _producer, _sequence, ++_sequence, _batch, 0, 0, Epochs.New(), RedisKeys.Channel(stream), "", 0, "", 0);
        return IsWaiting = true;
    }

    /// <summary>Takes the answer, when it is there.</summary>
    /// <exception cref="InvalidOperationException">The append was not taken.</exception>
    public bool Receive(Histogram latency)
    {
        if (!IsWaiting || !connection.TryRead(out var answer))
        {
            if (connection.IsCutOff) throw new IOException("Redis hung up on an appender.");
            return false;
        }

        if (Resp.Number(Resp.Element(answer, 0)) != 0) throw new InvalidOperationException("An append was not taken.");
        IsWaiting = false;
        latency.Record(Stopwatch.GetElapsedTime(_sent));
        return true;
    }
}
