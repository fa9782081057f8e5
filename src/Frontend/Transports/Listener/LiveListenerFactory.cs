using System.Net;
using System.Net.Sockets;
using Interactions.Frontend.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// Takes the place of Kestrel's socket transport for IP endpoints on Linux. Unix sockets, and other systems, stay with
/// Kestrel's own, which serves the same requests with the same answers at a higher cost.
/// </summary>
internal sealed class LiveListenerFactory(
    LiveLoops loops, DirectUpgrade upgrade, ProxyOptions proxies, OpenFiles files, IConfiguration configuration, IOptions<SocketTransportOptions> sockets, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly SocketConnectionContextFactory _contexts = new(
        new SocketConnectionFactoryOptions { MaxWriteBufferSize = sockets.Value.MaxWriteBufferSize }, loggers.CreateLogger<SocketConnectionContextFactory>());

    public bool CanBind(EndPoint endpoint) => OperatingSystem.IsLinux() && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var options = sockets.Value;
        Socket socket;
        try
        {
            socket = options.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(taken.Message, taken);
        }

        try
        {
            socket.NoDelay = true; // as the options above, inherited by what it accepts
            socket.Blocking = false;
            socket.Listen(options.Backlog);
        }
        catch (SocketException taken)
        {
            socket.Dispose();
            if (taken.SocketErrorCode == SocketError.AddressAlreadyInUse) throw new AddressInUseException(taken.Message, taken);
            throw;
        }

        var takesLive = !ListenAddresses.SecurePorts(configuration).Contains(((IPEndPoint)endpoint).Port);
        return ValueTask.FromResult<IConnectionListener>(new LiveListener(socket, takesLive, loops, upgrade, proxies, files, _contexts));
    }

    public void Dispose() => _contexts.Dispose();
}
