using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Listener;

/// <summary>
/// Whether a live request is the first of its connection (served on the socket) or follows another (served by Kestrel): the
/// answer is the same.
/// </summary>
public sealed class TwoWaysTests : IAsyncLifetime
{
    // What has to differ: one way ends with the connection, the other need not.
    private static readonly string[] Framing = ["date", "connection", "transfer-encoding", "keep-alive"];
    private ServiceProcess _service = null!;
    private string _viewer = "";
    private string _elsewhere = "";

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync("--Cors:Origins", "https://page.example");
        using var owner = await Client.SignInAsync(_service, "owner", "broadcaster");
        await owner.GoLiveAsync("shown");
        using var viewer = await Client.SignInAsync(_service, "viewer");
        using var elsewhere = await Client.SignInAsync(_service, "guest", "viewer", "other*");
        (_viewer, _elsewhere) = (viewer.Token!, elsewhere.Token!);
    }

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    public static TheoryData<string, string, int> EventRequests => new()
    {
        { "/v1/streams/shown/events", "", 200 },
        { "/v1/streams/shown/events?access_token=VIEWER", "", 200 },
        { "/v1/streams/shown/events", "Authorization: Bearer VIEWER", 200 },
        { "/v1/streams/shown/events", "authorization: bearer VIEWER", 200 },
        { "/v1/streams/shown/events", "Origin: https://page.example", 200 },
        { "/v1/streams/shown/events", "Origin: http://HOST", 200 },
        { "/v1/streams/shown/events?acce%73s_token=VIEWER", "", 200 },
        { "/v1/streams/shown/events?position=nonsense", "Last-Event-ID: also.nonsense", 200 },
        { "/v1/streams/shown/events", "Origin: https://evil.example", 403 },
        { "/v1/streams/shown/events", "Origin: null", 403 },
        { "/v1/streams/shown/events", "Origin: https://page.example\r\nOrigin: https://page.example", 403 },
        { "/v1/streams/shown/events?access_token=x.y.z", "", 401 },
        { "/v1/streams/shown/events?access_token=VIEWER&access_token=VIEWER", "", 401 },
        { "/v1/streams/shown/events?access_token=", "", 401 },
        { "/v1/streams/shown/events", "Authorization: Basic YTpi", 401 },
        { "/v1/streams/shown/events", "Authorization: Bearer VIEWER\r\nAuthorization: Bearer VIEWER", 401 },
        { "/v1/streams/shown/events", "Authorization: Bearer ELSEWHERE", 403 },
        { "/v1/streams/unknown/events", "", 404 },
        { "/v1/streams/unknown/events", "Origin: https://page.example", 404 },
        { "/v1/streams/a%20b/events", "", 400 },
        { "/v1/streams/shown/events/x", "", 404 },
        { "/v1/streams/shown/events", "Content-Length: 0", 200 },
        { "/V1/Streams/shown/Events", "", 200 },
        { "/v1/streams/shown/socket", "", 400 },
    };

    public static TheoryData<string, string, int> SocketRequests => new()
    {
        { "/v1/streams/shown/socket", "Origin: https://evil.example", 403 },
        { "/v1/streams/shown/socket", "Sec-WebSocket-Version: 12", 400 },
        { "/v1/streams/shown/socket?access_token=x.y.z", "", 4401 },
        { "/v1/streams/shown/socket", "Authorization: Bearer ELSEWHERE", 4403 },
        { "/v1/streams/unknown/socket", "", 4404 },
        { "/v1/streams/unknown/socket", "Sec-WebSocket-Protocol: other, interactions.v1.json", 4404 },
    };

    public static TheoryData<string, int> Handshakes => new()
    {
        { "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 101 },
        { "Connection: keep-alive, upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: interactions.v1.json", 101 },
        { "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate", 101 },
        { "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13", 400 },
        { "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dG9vIHNob3J0", 400 },
        { "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 400 },
        { "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 400 },
        { "Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 400 },
        { "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 400 },
    };

    [Theory]
    [MemberData(nameof(Handshakes))]
    public async Task A_handshake_is_answered_the_same(string headers, int status)
    {
        using var fresh = await RawConnection.OpenAsync(_service);
        using var warm = await RawConnection.OpenAsync(_service);
        await WarmAsync(warm);
        foreach (var connection in (RawConnection[])[fresh, warm]) await connection.SendAsync(Text("/v1/streams/shown/socket", headers));
        var (first, later) = (await fresh.AnswerAsync(), await warm.AnswerAsync());
        Same(first, later);
        Assert.Equal(status, first.Status);
        if (status == 400) Assert.Equal("13", first.Headers["sec-websocket-version"].Single());
        else Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", first.Headers["sec-websocket-accept"].Single());
    }

    [Theory]
    [MemberData(nameof(EventRequests))]
    public async Task An_event_stream_is_answered_the_same(string target, string headers, int status)
    {
        var (first, firstEvents) = await AskAsync(target, headers, warm: false);
        var (later, laterEvents) = await AskAsync(target, headers, warm: true);
        Assert.Equal(status, first.Status);
        Same(first, later);
        Assert.Equal(laterEvents, firstEvents);
    }

    [Theory]
    [MemberData(nameof(SocketRequests))]
    public async Task A_WebSocket_is_refused_the_same(string target, string headers, int code)
    {
        const string Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        var version = headers.StartsWith("Sec-WebSocket-Version", StringComparison.Ordinal) ? "" : "Sec-WebSocket-Version: 13\r\n";
        using var fresh = await RawConnection.OpenAsync(_service);
        using var warm = await RawConnection.OpenAsync(_service);
        await WarmAsync(warm);
        foreach (var connection in (RawConnection[])[fresh, warm]) await connection.SendAsync(Text(target, Upgrade + version + headers));
        var (first, later) = (await fresh.AnswerAsync(), await warm.AnswerAsync());
        Same(first, later);
        if (code < 1000)
        {
            Assert.Equal(code, first.Status);
            return;
        }

        Assert.Equal(101, first.Status);
        Assert.Equal((code, code), (await fresh.CloseCodeAsync(), await warm.CloseCodeAsync()));
    }

    private async Task<(RawAnswer Answer, bool HasEvents)> AskAsync(string target, string headers, bool warm)
    {
        using var connection = await RawConnection.OpenAsync(_service);
        if (warm) await WarmAsync(connection);
        await connection.SendAsync(Text(target, headers));
        var answer = await connection.AnswerAsync();
        if (answer.Status != 200) return (answer, false);
        Assert.Contains("retry: ", await connection.UntilAsync("event: snapshot\n"), StringComparison.Ordinal);
        return (answer, true);
    }

    private static async Task WarmAsync(RawConnection connection)
    {
        await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(200, (await connection.AnswerAsync()).Status);
    }

    private static void Same(RawAnswer first, RawAnswer later)
    {
        Assert.Equal((later.Status, later.Body), (first.Status, first.Body));
        Assert.Equal(Lines(later), Lines(first));
    }

    private static IEnumerable<string> Lines(RawAnswer answer) => answer.Headers
        .Where(header => !Framing.Contains(header.Key))
        .Select(header => $"{header.Key}: {string.Join(", ", header)}")
        .Order(StringComparer.Ordinal);

    private string Text(string target, string headers)
    {
        var host = $"localhost:{_service.Address.Port}";
        var all = $"GET {target} HTTP/1.1\r\nHost: {host}\r\n{(headers.Length == 0 ? "" : headers.TrimEnd() + "\r\n")}\r\n";
        return all.Replace("VIEWER", _viewer, StringComparison.Ordinal).Replace("ELSEWHERE", _elsewhere, StringComparison.Ordinal)
            .Replace("HOST", host, StringComparison.Ordinal);
    }
}
