namespace Interactions.Frontend.Telemetry;

/// <summary>Frames and bytes of one tick by transport: plain additions, so that a frame of a viewer costs no shared counter.</summary>
internal struct FrameTally
{
    private (long Frames, long Bytes) _sse;
    private (long Frames, long Bytes) _webSocket;
    private (long Frames, long Bytes) _signalR;

    public void Add(ViewerTransport transport, int bytes) => Add(ref Of(ref this, transport), 1, bytes);

    public void Add(in FrameTally other)
    {
        Add(ref _sse, other._sse.Frames, other._sse.Bytes);
        Add(ref _webSocket, other._webSocket.Frames, other._webSocket.Bytes);
        Add(ref _signalR, other._signalR.Frames, other._signalR.Bytes);
    }

    public readonly void Report(FrontendMetrics metrics)
    {
        if (_sse.Frames > 0) metrics.FramesSent("sse", _sse.Frames, _sse.Bytes);
        if (_webSocket.Frames > 0) metrics.FramesSent("websocket", _webSocket.Frames, _webSocket.Bytes);
        if (_signalR.Frames > 0) metrics.FramesSent("signalr", _signalR.Frames, _signalR.Bytes);
    }

    private static ref (long Frames, long Bytes) Of(ref FrameTally tally, ViewerTransport transport)
    {
        if (transport == ViewerTransport.Sse) return ref tally._sse;
        if (transport == ViewerTransport.WebSocket) return ref tally._webSocket;
        return ref tally._signalR;
    }

    private static void Add(ref (long Frames, long Bytes) sum, long frames, long bytes)
    {
        sum.Frames += frames;
        sum.Bytes += bytes;
    }
}
