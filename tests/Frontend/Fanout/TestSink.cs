using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;

namespace Interactions.Tests.Frontend.Fanout;

/// <summary>Keeps what it is sent; can stall and take bytes again.</summary>
internal sealed class TestSink : ISink
{
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private TaskCompletionSource? _stall;

    public WireFormat Format => WireFormat.Tagged;

    public int Backlog { get; set; }

    public long Arrived { get; set; }

    /// <summary>How many messages were sent and not looked at.</summary>
    public int Waiting => _messages.Reader.Count;

    public CloseReason? Aborted { get; private set; }

    /// <summary>The next message sent is taken, but its send does not end until <see cref="Drain"/>.</summary>
    public void StallAtNext() => _stall = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Drain()
    {
        var stall = _stall!;
        _stall = null;
        stall.SetResult();
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        _messages.Writer.TryWrite(Encoding.UTF8.GetString(message.Span));
        return _stall is { } stall ? new(stall.Task) : ValueTask.CompletedTask;
    }

    public void Abort(CloseReason reason) => Aborted = reason;

    public async Task<JsonElement> NextAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return JsonDocument.Parse(await _messages.Reader.ReadAsync(late.Token)).RootElement;
    }

    /// <summary>The next frame that has this field, and the sum of deltas on the way to it.</summary>
    public async Task<JsonElement> NextWithAsync(string field)
    {
        while (true)
        {
            var frame = await NextAsync();
            if (frame.TryGetProperty(field, out _)) return frame;
        }
    }
}
