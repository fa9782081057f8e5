using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.Admission;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>A token on a WebSocket that was opened without one, whichever way the connection came.</summary>
public sealed class SignInTests(SignInTests.BothWays both) : IClassFixture<SignInTests.BothWays>
{
    private readonly ServedCertificate _tls = both.Tls;
    private readonly ServiceProcess _service = both.Process;

    [Theory]
    [InlineData("live")]
    [InlineData("kestrel")]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Whoever_signs_in_is_that_user_everywhere(string way)
    {
        var (open, name, guest) = ($"open-{way.Replace('.', '-')}", $"troll-{way}", $"other-{way}");
        using var owner = Client.WithToken(_service, Token("owner", "broadcaster"));
        await owner.GoLiveAsync(open);
        using var troll = Client.WithToken(_service, Token(name));
        await owner.AcceptedAsync(open, new { type = "ban", user = name, shadow = true });
        var hidden = await troll.AcceptedAsync(open, new { type = "comment", text = "hidden" });

        using var viewer = await OpenAsync(open, way);
        Assert.DoesNotContain(hidden, await viewer.UntilAsync("snapshot"), StringComparison.Ordinal);
        await viewer.SendAsync("""{"t":"send","ref":1,"items":[{"type":"comment","text":"nobody"}]}""");
        Assert.Contains("\"forbidden\"", await viewer.UntilAsync("ack"), StringComparison.Ordinal);

        // What is sent behind the token is the user's, and the view is: comments that only they see.
        await viewer.SendAsync($$"""{"t":"token","token":"{{Token(name)}}"}""");
        await viewer.SendAsync("""{"t":"send","ref":2,"items":[{"type":"comment","text":"mine"}]}""");
        var seen = new List<string>();
        while (!seen.Any(message => message.Contains(hidden, StringComparison.Ordinal)) || !seen.Any(message => message.Contains("\"mine\"", StringComparison.Ordinal)))
            seen.Add(await viewer.UntilAsync());
        Assert.Contains(seen, message => message.StartsWith("{\"t\":\"snapshot\"", StringComparison.Ordinal) && message.Contains(hidden, StringComparison.Ordinal));
        Assert.DoesNotContain("mine", (await owner.SnapshotAsync(open)).ToString(), StringComparison.Ordinal);

        // The roster, and the count, which stays.
        await UntilRosterAsync(owner, open, name);
        Assert.Equal(1, (await owner.SnapshotAsync(open)).GetProperty("viewers").GetInt32());

        // Another user's token changes nothing.
        await viewer.SendAsync($$"""{"t":"token","token":"{{Token(guest)}}"}""");
        Assert.Contains("\"forbidden\"", await viewer.UntilAsync("error"), StringComparison.Ordinal);
        await viewer.SendAsync("""{"t":"send","ref":3,"items":[{"type":"comment","text":"still"}]}""");
        Assert.Contains("\"accepted\"", await viewer.UntilAsync("ack", "\"ref\":3"), StringComparison.Ordinal);
        Assert.DoesNotContain("still", (await owner.SnapshotAsync(open)).ToString(), StringComparison.Ordinal);

        // The caps.
        using (var second = await OpenAsync(open, way, Token(name)))
        {
            await second.UntilAsync("snapshot");
            using var third = await OpenAsync(open, way, Token(name));
            Assert.Equal(4429, await third.CloseCodeAsync());
            using var late = await OpenAsync(open, way);
            await late.UntilAsync("snapshot");
            await late.SendAsync($$"""{"t":"token","token":"{{Token(name)}}"}""");
            Assert.Contains("\"too_many_connections\"", await late.UntilAsync("error"), StringComparison.Ordinal);
            await late.SendAsync("""{"t":"send","ref":4,"items":[{"type":"comment","text":"nobody"}]}""");
            Assert.Contains("\"forbidden\"", await late.UntilAsync("ack"), StringComparison.Ordinal);
            await late.SendAsync($$"""{"t":"token","token":"{{Token(guest)}}"}""");
            await UntilRosterAsync(owner, open, guest);
        }

        // Whoever leaves leaves as who they are.
        viewer.Dispose();
        await UntilRosterAsync(owner, open);
        using var again = await OpenAsync(open, way, Token(name));
        await again.UntilAsync("snapshot");
        using var andAgain = await OpenAsync(open, way, Token(name));
        await andAgain.UntilAsync("snapshot");
    }

    [Theory]
    [InlineData("live")]
    [InlineData("kestrel")]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_end_of_the_token_ends_the_connection(string way)
    {
        using var owner = Client.WithToken(_service, Token("owner", "broadcaster"));
        var open = $"short-{way.Replace('.', '-')}";
        await owner.GoLiveAsync(open);
        using var viewer = await OpenAsync(open, way);
        await viewer.UntilAsync("snapshot");
        await viewer.SendAsync($$"""{"t":"token","token":"{{Token("short", seconds: 3)}}"}""");
        Assert.Equal(4401, await viewer.CloseCodeAsync());
    }

    [Fact]
    public async Task Whoever_is_banned_is_told_so_at_signing_in()
    {
        using var owner = Client.WithToken(_service, Token("owner", "broadcaster"));
        await owner.GoLiveAsync("banned");
        await owner.AcceptedAsync("banned", new { type = "ban", user = "loud", seconds = 3600 });
        using var viewer = await OpenAsync("banned", "live");
        Assert.DoesNotContain("\"until\"", await viewer.UntilAsync("snapshot"), StringComparison.Ordinal);
        await viewer.SendAsync($$"""{"t":"token","token":"{{Token("loud")}}"}""");
        Assert.Contains("\"ban\":{\"until\":", await viewer.UntilAsync("snapshot"), StringComparison.Ordinal);
        await viewer.SendAsync("""{"t":"send","ref":1,"items":[{"type":"comment","text":"let me in"}]}""");
        Assert.Contains("\"banned\"", await viewer.UntilAsync("ack"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_for_the_stream_does_not_sign_in()
    {
        using var owner = Client.WithToken(_service, Token("owner", "broadcaster"));
        await owner.GoLiveAsync("elsewhere");
        using var viewer = await OpenAsync("elsewhere", "live");
        await viewer.UntilAsync("snapshot");
        var exp = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        await viewer.SendAsync($$"""{"t":"token","token":"{{TokenMaker.Hmac($$"""{"sub":"guest","streams":["another"],"exp":{{exp}}}""")}}"}""");
        Assert.Contains("\"forbidden\"", await viewer.UntilAsync("error"), StringComparison.Ordinal);
        await viewer.SendAsync("""{"t":"send","ref":1,"items":[{"type":"comment","text":"nobody"}]}""");
        Assert.Contains("\"forbidden\"", await viewer.UntilAsync("ack"), StringComparison.Ordinal);
    }

    private static string Token(string user, string role = "viewer", int seconds = 3600) =>
        TokenMaker.Hmac($$"""{"sub":"{{user}}","role":"{{role}}","exp":{{DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds()}}}""");

    private static async Task UntilRosterAsync(Client owner, string open, params string[] users)
    {
        for (var since = Stopwatch.GetTimestamp(); ;)
        {
            var snapshot = await owner.SnapshotAsync(open);
            var there = snapshot.GetProperty("roster").GetProperty("joined").EnumerateArray().Select(member => member.GetProperty("user").GetString()).ToHashSet();
            if (users.All(there.Contains) && (users.Length > 0 || there.Count == 0)) return;
            Assert.True(Stopwatch.GetElapsedTime(since) < Busy.Patience, $"The roster is not {string.Join(", ", users)}: {string.Join(", ", there)}");
            await Task.Delay(25);
        }
    }

    private async Task<Socket> OpenAsync(string open, string way, string? token = null)
    {
        var socket = new ClientWebSocket();
        var address = Harness.SocketAddress.Of(way is "live" or "kestrel" ? _service.Address : _tls.Address, open, token);
        if (way == "kestrel") address = new UriBuilder(address) { Path = $"/V1/streams/{open}/socket" }.Uri; // a spelling that the listener leaves to Kestrel
        if (way is "live" or "kestrel")
        {
            await socket.ConnectAsync(address, CancellationToken.None);
        }
        else
        {
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (Version.Parse(way), HttpVersionPolicy.RequestVersionExact);
            using var http = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = _tls.IsServed } }, disposeHandler: false);
            await socket.ConnectAsync(address, http, CancellationToken.None);
        }

        return new Socket(socket);
    }

    private sealed class Socket(ClientWebSocket socket) : IDisposable
    {
        private readonly CancellationTokenSource _late = new(Busy.Patience);
        private readonly byte[] _buffer = new byte[1 << 18];

        public Task SendAsync(string text) => socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _late.Token);

        /// <summary>The next message of this kind (any, if none is named) that has all these parts.</summary>
        public async Task<string> UntilAsync(string kind = "", params string[] parts)
        {
            while (true)
            {
                var text = await Harness.SocketAddress.ReceiveTextAsync(socket, _buffer, _late.Token) ?? throw new IOException($"Closed with {socket.CloseStatus}, not {kind}.");
                if (kind.Length > 0 && JsonDocument.Parse(text).RootElement.GetProperty("t").GetString() != kind) continue;
                if (parts.All(part => text.Contains(part, StringComparison.Ordinal))) return text;
            }
        }

        public async Task<int> CloseCodeAsync()
        {
            while (await Harness.SocketAddress.ReceiveTextAsync(socket, _buffer, _late.Token) is not null)
            {
            }

            return (int)socket.CloseStatus!;
        }

        public void Dispose()
        {
            socket.Dispose();
            _late.Dispose();
        }
    }
    public sealed class BothWays : IAsyncLifetime
    {
        internal ServedCertificate Tls { get; } = new();

        internal ServiceProcess Process { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Process = await ServiceProcess.StartAsync([
                "--Urls", "{own};" + Tls.Address.GetLeftPart(UriPartial.Authority), "--Auth:Dev", "false", "--Auth:Key", TokenMaker.Key, "--Limits:ConnectionsPerUser", "2", .. Tls.Arguments]);
            await Tls.ListensAsync(Process);
        }

        public async ValueTask DisposeAsync()
        {
            await Process.DisposeAsync();
            Tls.Dispose();
        }
    }
}
