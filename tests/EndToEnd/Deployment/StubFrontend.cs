using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interactions.Tests.EndToEnd.Deployment;

/// <summary>Stands where a frontend stands: notes what it is asked, and says the same to everyone, or hangs up on them.</summary>
internal sealed class StubFrontend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string? _answer;
    private readonly bool _isEndless;
    private readonly Task _serving;

    /// <param name="answer">An HTTP answer; null = hang up when the request was read.</param>
    /// <param name="isEndless">Whether the connection stays open after the answer, as that of an event stream does.</param>
    public StubFrontend(string? answer, bool isEndless = false)
    {
        (_answer, _isEndless) = (answer, isEndless);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The heads of the requests so far.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
            catch (IOException)
            {
                // The other side left.
            }
            catch (Exception stopped) when (stopped is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var buffer = new byte[16 << 10];
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length));
            if (read == 0) return;
            length += read;
        }

        Asked.Enqueue(Encoding.ASCII.GetString(buffer, 0, length));
        if (_answer is not null) await stream.WriteAsync(Encoding.ASCII.GetBytes(_answer));
        if (!_isEndless) return;
        while (await stream.ReadAsync(buffer) > 0)
        {
            // Until the other side leaves.
        }
    }
}
