using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.Admission;
using Interactions.Tests.Frontend.Transports;
using Xunit;

namespace Interactions.Tests.EndToEnd.Listener;

/// <summary>TLS, HTTP/2 and unix sockets are Kestrel's, and get the same frames.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly ServedCertificate _tls = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-").FullName;
    private ServiceProcess _service = null!;

    private string UnixSocket => Path.Combine(_folder, "service.sock");

    public async ValueTask InitializeAsync()
    {
        var urls = string.Create(CultureInfo.InvariantCulture, $"{{own}};https://127.0.0.1:{_tls.Port};http://unix:{UnixSocket}");
        _service = await ServiceProcess.StartAsync([
            "--Urls", urls, "--Auth:Dev", "false", "--Auth:Key", TokenMaker.Key, "--Proxies:Trusted", "127.0.0.2", "--Limits:ConnectionsPerAddress", "1",
            .. _tls.Arguments]);
        await _tls.ListensAsync(_service);

        var exp = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        using var owner = Client.WithToken(_service, TokenMaker.Hmac($$"""{"sub":"owner","role":"broadcaster","exp":{{exp}}}"""));
        await owner.GoLiveAsync("shown");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _tls.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Events_come_over_TLS_in_both_versions_of_HTTP(string version)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = _tls.IsServed } };
        await WatchAsync(handler, new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_tls.Port}/v1/streams/shown/events")), Version.Parse(version));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_WebSocket_is_the_same_over_TLS_in_both_versions_of_HTTP(string version)
    {
        using var socket = await ConnectAsync("shown", Version.Parse(version));
        Assert.Equal("interactions.v1.json", socket.SubProtocol);
        Assert.StartsWith("{\"t\":\"snapshot\"", await NextAsync(socket), StringComparison.Ordinal);
        await socket.SendAsync("{\"t\":\"ping\"}"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        string? heard;
        while ((heard = await NextAsync(socket))?.StartsWith("{\"t\":\"frame\"", StringComparison.Ordinal) == true)
        {
        }

        Assert.StartsWith("{\"t\":\"pong\"", heard, StringComparison.Ordinal);
        await socket.SendAsync(new byte[3], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        Assert.Equal(4400, await CloseCodeAsync(socket));

        using var again = await ConnectAsync("shown", Version.Parse(version));
        await again.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None).WaitAsync(Busy.Patience);
        Assert.Equal((WebSocketCloseStatus.NormalClosure, WebSocketState.Closed), (again.CloseStatus, again.State));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_WebSocket_is_refused_by_a_code_in_both_versions_of_HTTP(string version)
    {
        using var unknown = await ConnectAsync("unknown", Version.Parse(version));
        Assert.Equal(4404, await CloseCodeAsync(unknown));
        using var stranger = await ConnectAsync("shown", Version.Parse(version), "?access_token=x.y.z");
        Assert.Equal(4401, await CloseCodeAsync(stranger));
        using var socket = await ConnectAsync("shown", Version.Parse(version));
        Assert.StartsWith("{\"t\":\"snapshot\"", await NextAsync(socket), StringComparison.Ordinal);
        using var second = await ConnectAsync("shown", Version.Parse(version));
        Assert.Equal(4429, await CloseCodeAsync(second));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    public async Task A_WebSocket_of_another_version_is_told_which_one_would_do_in_HTTP_2(string version)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = _tls.IsServed } });
        using var request = new HttpRequestMessage(HttpMethod.Connect, new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_tls.Port}/v1/streams/shown/socket")));
        request.Headers.Protocol = "websocket";
        if (version.Length > 0) request.Headers.Add("Sec-WebSocket-Version", version);
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var answer = await http.SendAsync(request, CancellationToken.None).WaitAsync(Busy.Patience);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("13", answer.Headers.GetValues("Sec-WebSocket-Version").Single());
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_hub_is_watched_over_TLS_in_both_versions_of_HTTP(string version)
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = _tls.IsServed } };
        using var http = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        using var late = new CancellationTokenSource(Busy.Patience);
        await ConnectAsync(socket);
        var calls = "{\"protocol\":\"json\",\"version\":1}\u001e{\"type\":4,\"invocationId\":\"1\",\"target\":\"Watch\",\"arguments\":[\"shown\"]}\u001e"u8.ToArray();
        await socket.SendAsync(calls, WebSocketMessageType.Text, true, late.Token);
        var heard = "";
        while (!heard.Contains("\"item\":{\"t\":\"snapshot\"", StringComparison.Ordinal))
            heard += await Harness.SocketAddress.ReceiveTextAsync(socket, new byte[1 << 16], late.Token) ?? throw new IOException(heard);

        using var second = new ClientWebSocket();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(second));
        Assert.Contains("429", refused.ToString(), StringComparison.Ordinal);

        Task ConnectAsync(ClientWebSocket socket)
        {
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
            return socket.ConnectAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"wss://127.0.0.1:{_tls.Port}/hubs/interactions")), http, late.Token);
        }
    }

    [Fact]
    public async Task Events_come_over_a_unix_socket()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(UnixSocket), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        await WatchAsync(handler, new Uri("http://localhost/v1/streams/shown/events"), HttpVersion.Version11);
    }

    [Fact]
    public async Task A_preamble_before_TLS_says_who_the_client_is()
    {
        await using var ada = await AskAsync("203.0.113.1");
        Assert.StartsWith("HTTP/1.1 200", await LineAsync(ada), StringComparison.Ordinal);
        await using var bob = await AskAsync("203.0.113.2");
        Assert.StartsWith("HTTP/1.1 200", await LineAsync(bob), StringComparison.Ordinal);
        await using var again = await AskAsync("203.0.113.1");
        Assert.StartsWith("HTTP/1.1 429", await LineAsync(again), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_over_TLS_with_the_end_right_behind_it_is_answered(bool saysGoodbye)
    {
        for (var i = 0; i < 10; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, _tls.Port);
            await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, _tls.IsServed);
            await tls.AuthenticateAsClientAsync("localhost");
            await tls.WriteAsync(i % 2 == 0
                ? "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()
                : "POST /v1/ping HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"transport\":\"sse\"}"u8.ToArray());
            if (saysGoodbye) await tls.ShutdownAsync();
            socket.Shutdown(SocketShutdown.Send);
            Assert.StartsWith("HTTP/1.1 200", await LineAsync(tls), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_is_served_in_plain_text_where_TLS_is_expected()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _tls.Port);
        await socket.SendAsync("GET /v1/streams/shown/events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        var buffer = new byte[1024];
        var length = await socket.ReceiveAsync(buffer).WaitAsync(Busy.Patience);
        Assert.DoesNotContain("200 OK", Encoding.ASCII.GetString(buffer, 0, length), StringComparison.Ordinal);
    }

    private static async Task WatchAsync(SocketsHttpHandler handler, Uri address, Version version)
    {
        using var http = new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Busy.Patience);
        Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync().WaitAsync(Busy.Patience) != "event: snapshot")
        {
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(string stream, Version version, string query = "")
    {
        var socket = new ClientWebSocket { Options = { HttpVersion = version, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };
        socket.Options.AddSubProtocol("interactions.v1.json");
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = _tls.IsServed } }, disposeHandler: false);
        await socket.ConnectAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"wss://127.0.0.1:{_tls.Port}/v1/streams/{stream}/socket{query}")), http, CancellationToken.None)
            .WaitAsync(Busy.Patience);
        return socket;
    }

    private static async Task<string?> NextAsync(ClientWebSocket socket)
    {
        using var late = new CancellationTokenSource(Busy.Patience);
        return await Harness.SocketAddress.ReceiveTextAsync(socket, new byte[64 * 1024], late.Token);
    }

    /// <summary>What the service closes with, in the end.</summary>
    private static async Task<int> CloseCodeAsync(ClientWebSocket socket)
    {
        while (await NextAsync(socket) is not null)
        {
        }

        return (int)socket.CloseStatus!;
    }

    private async Task<SslStream> AskAsync(string client)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await socket.ConnectAsync(IPAddress.Loopback, _tls.Port);
        await socket.SendAsync(Preambles.Of(client, 1));
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, _tls.IsServed);
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync("GET /v1/streams/shown/events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        return tls;
    }

    private static async Task<string> LineAsync(SslStream tls)
    {
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await tls.ReadAsync(buffer).AsTask().WaitAsync(Busy.Patience));
    }
}
