using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Transports.WebSocket;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>Through Kestrel.</summary>
public abstract class KestrelLoopback : Loopback
{
    private readonly bool _isSecure;
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly ConcurrentDictionary<string, Func<Stream, Action, Task>> _serve = new();
    private readonly ConcurrentBag<HttpClient> _clientsOfHttp2 = [];
    private WebApplication _app = null!;
    private int _port;
    private int _clients;

    private protected KestrelLoopback(HttpProtocols protocol, bool isSecure)
    {
        _isSecure = isSecure;
        Protocol = protocol;
    }

    private HttpProtocols Protocol { get; }

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = ViewerSockets.MostUnsent);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxResponseBufferSize = ViewerSockets.MostUnsent;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = Protocol;
                listen.Use(OurEnd.Before);
                if (_isSecure) listen.UseHttps(_certificate);
            });
        });
        _app = builder.Build();
        _app.Run(async http =>
        {
            Assert.True(Handshake.IsAsked(http));
            await _serve[http.Request.Path.Value![1..]](await Handshake.AcceptAsync(http), http.Abort);
        });
        await _app.StartAsync();
        _port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public override async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        foreach (var client in _clientsOfHttp2) client.Dispose();
        _certificate.Dispose();
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
    }

    internal override async Task<(RawClient Client, Cursor Cursor)> OpenAsync(Func<Cursor, IConversation> converse, int longestMessageBytes = 65536)
    {
        var entered = new TaskCompletionSource<Cursor>(TaskCreationOptions.RunContinuationsAsynchronously);
        var client = await ConnectAsync(async (stream, abort) =>
        {
            using var socket = new StreamSocket(stream, null, abort, longestMessageBytes, ended => _ = ended.EndAsync(ClosingSockets));
            var cursor = new Cursor(socket, null, null, null, long.MaxValue, TimeProvider.System);
            socket.Begin(converse(cursor), new Visit(cursor, null!, null));
            entered.SetResult(cursor);
            await socket.RunAsync();
        });
        return (client, await entered.Task);
    }

    internal override Task<RawClient> RefuseAsync(int code, string detail) => ConnectAsync(async (stream, abort) =>
    {
        using var socket = new StreamSocket(stream, null, abort, 1024);
        await socket.CloseAsync(code, detail, ClosingSockets);
        await socket.RunAsync();
    });

    private async Task<RawClient> ConnectAsync(Func<Stream, Action, Task> serve)
    {
        var name = Interlocked.Increment(ref _clients).ToString(CultureInfo.InvariantCulture);
        _serve[name] = serve;
        if (Protocol == HttpProtocols.Http2) return await ConnectByHttp2Async(name);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _port);
        var client = RawClient.On(socket);
        if (_isSecure)
        {
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, IsOurs);
            await tls.AuthenticateAsClientAsync("localhost");
            client = new RawClient(tls, () => socket.Shutdown(SocketShutdown.Send));
        }

        await client.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /{name} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var head = await client.HeadAsync();
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head, StringComparison.Ordinal);
        return client;
    }

    private async Task<RawClient> ConnectByHttp2Async(string name)
    {
        // A connection each: one that sends on after its stream has ended makes the server end the connection, and all that is on it.
        var http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = IsOurs } });
        _clientsOfHttp2.Add(http);
        using var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{_port}/{name}")));
        request.Headers.Protocol = "websocket";
        request.Headers.Add("Sec-WebSocket-Version", "13");
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.False(answer.Headers.Contains("Sec-WebSocket-Accept"));
        var stream = await answer.Content.ReadAsStreamAsync();
        return new RawClient(stream, answer.Dispose);
    }

    private bool IsOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate?.GetCertHashString() == _certificate.GetCertHashString();

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
