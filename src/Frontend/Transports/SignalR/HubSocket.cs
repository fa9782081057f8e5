using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Interactions.Frontend.Transports.WebSocket;
using Interactions.Frontend.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// A WebSocket as the connection that a hub expects: what is heard goes into a pipe, what the hub writes becomes one text message a
/// flush. While nothing happens it holds no buffer. Heartbeat and the server's wish to stop are the features of the server's connection.
/// </summary>
internal sealed class HubSocket : ConnectionContext, IDuplexPipe, IHttpContextFeature, ITransferFormatFeature
{
    private const int ReadBytes = 4096;

    /// <summary>
    /// So much is heard of a client while it stalls. Each of its calls has an answer that waits for its turn to be sent, and SignalR
    /// has no limit of those.
    /// </summary>
    private const int MostUnansweredBytes = 16 * 1024;

    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);
    private static readonly PipeOptions Options = new(useSynchronizationContext: false);

    private readonly Stream _stream;
    private readonly FrameDecoder _decoder;
    private readonly Pipe _heard = new(Options);
    private readonly HubWriter _writer;
    private IDictionary<object, object?>? _items;
    private int _answer = CloseCode.Normal;
    private int _unansweredBytes;

    /// <param name="stream">What the upgrade gave.</param>
    /// <param name="socket">What is under it, if it can be written to directly.</param>
    public HubSocket(HttpContext http, Stream stream, Socket? socket, int longestMessageBytes)
    {
        (HttpContext, _stream, _decoder, _writer) = (http, stream, new(longestMessageBytes), new(stream, socket));
        ConnectionId = http.Connection.Id;
        ConnectionClosed = http.RequestAborted;
        Transport = this;
        Features.Set<IHttpContextFeature>(this);
        Features.Set<ITransferFormatFeature>(this);
    }

    public override string ConnectionId { get; set; }

    /// <summary>The request's own, which has the connection's behind it, for there is nothing else on this connection.</summary>
    public override IFeatureCollection Features => HttpContext!.Features;

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public HttpContext? HttpContext { get; set; }

    public TransferFormat SupportedFormats => TransferFormat.Text;

    public TransferFormat ActiveFormat { get; set; } = TransferFormat.Text;

    PipeReader IDuplexPipe.Input => _heard.Reader;

    PipeWriter IDuplexPipe.Output => _writer;

    public override void Abort(ConnectionAbortedException abortReason) => HttpContext!.Abort();

    /// <summary>
    /// The hub has given the connection up. It waits for what is being sent, which may never end; for a hub over SignalR's own WebSockets
    /// there is a time limit on sending.
    /// </summary>
    public void CutIfStalled()
    {
        if (_writer.IsSending) HttpContext!.Abort();
    }

    /// <summary>Takes in what comes until the other side closes or is gone; the hub reads the end of it.</summary>
    /// <param name="first">Something is there to read, or the end, when it completes.</param>
    public async Task ListenAsync(ValueTask<int> first)
    {
        Exception? broken = null;
        try
        {
            await first;
            while (await ReadAsync() is var heard and not DecodedFrame.Close)
            {
                if (heard == DecodedFrame.Broken)
                {
                    broken = new InvalidDataException(_decoder.Detail);
                    break;
                }

                if (_unansweredBytes > MostUnansweredBytes) await _writer.CatchUpAsync();

                // Waits without a buffer.
                _ = await _stream.ReadAsync(Memory<byte>.Empty);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The same as an end.
        }
        finally
        {
            _decoder.Release();
            await _heard.Writer.CompleteAsync(broken);
        }
    }

    /// <summary>Says goodbye when the hub is done, and waits for the other side to say it too.</summary>
    /// <param name="listening">What <see cref="ListenAsync"/> returned.</param>
    public async Task CloseAsync(Task listening)
    {
        await _heard.Reader.CompleteAsync();
        try
        {
            using var late = new CancellationTokenSource(CloseWithin);
            await using var cut = late.Token.UnsafeRegister(static http => ((HttpContext)http!).Abort(), HttpContext);
            await _writer.SendAsync(ServerFrame.Close(_answer, ""));
            await listening;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            HttpContext!.Abort(); // it left first
            await listening;
        }
    }

    /// <returns>Nothing, or what ends the reading.</returns>
    private async ValueTask<DecodedFrame> ReadAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            var received = await _stream.ReadAsync(buffer);
            if (received == 0) return DecodedFrame.Close;
            _unansweredBytes = _writer.IsSending ? _unansweredBytes + received : 0;
            var bytes = buffer.AsMemory(0, received);
            while (_decoder.Read(ref bytes, out var payload) is var heard and not DecodedFrame.Nothing)
            {
                switch (heard)
                {
                    case DecodedFrame.Message:
                        await _heard.Writer.WriteAsync(payload);
                        break;
                    case DecodedFrame.Ping:
                        await _writer.SendAsync(ServerFrame.Pong(payload.Span));
                        break;
                    case DecodedFrame.Close or DecodedFrame.Broken:
                        _answer = _decoder.Code;
                        return heard;
                }
            }

            return DecodedFrame.Nothing;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
