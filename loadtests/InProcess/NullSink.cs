using System.Diagnostics;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;

namespace Interactions.InProcess;

/// <summary>Takes everything at once, or when told to stall, at <see cref="Drain"/>. Remembers how much and when.</summary>
internal sealed class NullSink(WireFormat format) : ISink
{
    private TaskCompletionSource? _stall;

    public WireFormat Format => format;

    public long Messages { get; private set; }

    public long At { get; private set; }

    /// <summary>Whether <see cref="At"/> is of use to anyone; reading the clock is not part of what is measured.</summary>
    public bool Stamps { get; init; }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        Messages++;
        if (Stamps) At = Stopwatch.GetTimestamp();
        return _stall is { } stall ? new(stall.Task) : ValueTask.CompletedTask;
    }

    public void Stall() => _stall = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Drain()
    {
        var stall = _stall;
        _stall = null;
        stall?.SetResult();
    }

    public void Abort(CloseReason reason)
    {
    }
}
