using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>What was handed to sinks, by transport. A worker counts into its own and adds it up when it is done.</summary>
internal struct SentCount
{
    private long _sse, _webSocket, _signalR, _sseBytes, _webSocketBytes, _signalRBytes;

    public void Add(Transport transport, int bytes)
    {
        switch (transport)
        {
            case Transport.Sse:
                _sse++;
                _sseBytes += bytes;
                break;
            case Transport.WebSocket:
                _webSocket++;
                _webSocketBytes += bytes;
                break;
            default:
                _signalR++;
                _signalRBytes += bytes;
                break;
        }
    }

    public void Add(in SentCount other)
    {
        _sse += other._sse;
        _sseBytes += other._sseBytes;
        _webSocket += other._webSocket;
        _webSocketBytes += other._webSocketBytes;
        _signalR += other._signalR;
        _signalRBytes += other._signalRBytes;
    }

    public readonly void Tell(FrontendMetrics metrics)
    {
        if (_sse > 0) metrics.FramesSent(Transport.Sse, _sse, _sseBytes);
        if (_webSocket > 0) metrics.FramesSent(Transport.WebSocket, _webSocket, _webSocketBytes);
        if (_signalR > 0) metrics.FramesSent(Transport.SignalR, _signalR, _signalRBytes);
    }
}
