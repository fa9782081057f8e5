using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.WebSocket;
using Xunit;

namespace Interactions.Tests.EndToEnd.Observability;

/// <summary>Viewers who read nothing, on every transport and every way in. They are let go after half a minute, so all of them are there at once.</summary>
public sealed class NoProgressTests
{
    private const string Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    [Fact]
    public async Task Viewers_who_read_nothing_are_counted_as_such_and_not_as_having_left()
    {
        using var tls = new ServedCertificate();
        await using var service = await ServiceProcess.StartAsync(
            ["--Urls", "{own};" + tls.Address.GetLeftPart(UriPartial.Authority), "--Limits:InteractionsPerSecondPerUser", "100000", .. tls.Arguments]);
        await tls.ListensAsync(service);
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("busy");
        await owner.GoLiveAsync("quiet");

        List<IDisposable> stuck = [];
        var ping = HubClient.Frame(new { type = 6 });
        foreach (var isTls in (bool[])[false, true])
        {
            // The other spelling is left to Kestrel; over TLS it is Kestrel's anyway.
            foreach (var path in (string[])["/v1/streams/busy", "/V1/streams/busy"])
            {
                stuck.Add(await OpenAsync(service, isTls ? tls : null, $"GET {path}/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                stuck.Add(await OpenAsync(service, isTls ? tls : null, $"GET {path}/socket HTTP/1.1\r\nHost: localhost\r\n{Upgrade}\r\n"));
            }

            stuck.Add(await OpenAsync(service, isTls ? tls : null, $"GET /hubs/interactions HTTP/1.1\r\nHost: localhost\r\n{Upgrade}\r\n", Hub("busy")));
        }

        // Where next to nothing is sent, it is their silence that tells.
        stuck.Add(await OpenAsync(service, null, $"GET /v1/streams/quiet/socket HTTP/1.1\r\nHost: localhost\r\n{Upgrade}\r\n"));
        stuck.Add(await OpenAsync(service, null, $"GET /hubs/interactions HTTP/1.1\r\nHost: localhost\r\n{Upgrade}\r\n", [.. Hub("quiet"), .. ping]));
        await Eventually.TrueAsync(async () => (await Scrape.OfAsync(service)).Value("interactions_rooms") == 2, "both streams to have viewers");
        object[] comments = [.. Enumerable.Repeat(new { type = "comment", text = new string('x', 500) }, 50)];
        for (var scrape = await Scrape.OfAsync(service); scrape.Value("interactions_viewers_stalled") < 10; scrape = await Scrape.OfAsync(service))
        {
            Assert.True(scrape.Value("""interactions_connections_closed_total{reason="no_progress",transport="sse"}""") == 0, $"They never all stalled: {scrape.Text}");
            await owner.SendAsync("busy", comments);
        }

        for (var since = Stopwatch.GetTimestamp(); ;)
        {
            var scrape = await Scrape.OfAsync(service);
            double Closed(string transport, string reason) => scrape.Value($"interactions_connections_closed_total{{reason=\"{reason}\",transport=\"{transport}\"}}");
            foreach (var transport in (string[])["sse", "websocket", "signalr"]) Assert.Equal(0, Closed(transport, "left"));
            if ((Closed("sse", "no_progress"), Closed("websocket", "no_progress"), Closed("signalr", "no_progress")) is (4, 5, 3)) break;
            Assert.True(Stopwatch.GetElapsedTime(since) < 2 * Busy.Patience, scrape.Text);
            await Task.Delay(200);
        }

        foreach (var one in stuck) one.Dispose();
    }

    private static byte[] Hub(string stream) =>
    [
        .. HubClient.Frame(new { protocol = "json", version = 1 }),
        .. HubClient.Frame(new { type = 4, invocationId = "1", target = "Watch", arguments = (string[])[stream] }),
    ];

    /// <summary>Asks, and never reads the answer.</summary>
    private static async Task<IDisposable> OpenAsync(ServiceProcess service, ServedCertificate? tls, string request, byte[]? then = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, tls?.Port ?? service.Address.Port);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (tls is not null)
        {
            var secure = new SslStream(stream, false, tls.IsServed);
            await secure.AuthenticateAsClientAsync("localhost");
            stream = secure;
        }

        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(request), .. then ?? []]);
        await stream.FlushAsync();
        return stream;
    }
}
