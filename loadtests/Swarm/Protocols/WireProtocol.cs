using System.Text;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Protocols;

/// <summary>
/// How a viewer asks for frames and how they come. One per thread, for all of its viewers: what differs between
/// viewers is in <see cref="Viewer"/>.
/// </summary>
internal abstract class WireProtocol(string host)
{
    protected string Host => host;

    /// <summary>What a viewer sends once it is connected.</summary>
    public abstract byte[] Opening(Viewer viewer);

    /// <summary>
    /// Reads what comes before the first frame. Sets <see cref="Viewer.IsOpen"/> when frames follow and
    /// <see cref="Viewer.Refusal"/> when they will not.
    /// </summary>
    /// <param name="reply">What is to be sent now; null = nothing.</param>
    /// <returns>How many bytes were used; 0 = more are needed.</returns>
    public abstract int Handshake(Viewer viewer, ReadOnlySpan<byte> bytes, out byte[]? reply);

    /// <summary>Finds the whole messages at the beginning of some bytes.</summary>
    /// <returns>How many bytes they take.</returns>
    public abstract int Parse(int mode, ReadOnlySpan<byte> bytes, MessageBatch into);

    /// <summary>What a viewer has to send now and then to be kept; null = nothing.</summary>
    public virtual byte[]? KeepAlive => null;

    /// <param name="name">As <c>--transport</c> and the peers' scripts write it.</param>
    public static WireProtocol Of(string name, string host) => name switch
    {
        "sse" => new SseProtocol(host),
        "websocket" => new WebSocketProtocol(host, "interactions.v1.json"),
        "plain-websocket" => new WebSocketProtocol(host, null),
        "signalr" => new SignalRProtocol(host, watches: true),
        "plain-signalr" => new SignalRProtocol(host, watches: false),
        "nats" => new NatsProtocol(host),
        "socketio" => new SocketIoProtocol(host),
        "raw" => new RawProtocol(host),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such protocol."),
    };

    protected byte[] Get(string pathAndQuery, string headers) =>
        Encoding.ASCII.GetBytes($"GET {pathAndQuery} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");

    /// <summary>Reads an answer's head.</summary>
    /// <returns>Its length; 0 = it is not all there.</returns>
    protected static int Head(ReadOnlySpan<byte> bytes, out int status, out bool chunked)
    {
        (status, chunked) = (0, false);
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return 0;
        var text = Encoding.ASCII.GetString(bytes[..end]);
        status = text.Length > 12 && int.TryParse(text.AsSpan(9, 3), out var code) ? code : -1;
        chunked = text.Contains("\r\nTransfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        return end + 4;
    }
}
