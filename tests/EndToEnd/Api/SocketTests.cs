using System.Net.Sockets;
using System.Text;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.WebSocket;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>The WebSocket of the running service, byte by byte.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class SocketTests(RunningService running)
{
    private const string Upgrade =
        "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    [Fact]
    public async Task The_handshake_agrees_on_our_subprotocol_if_it_is_offered_and_on_no_extension()
    {
        await LiveAsync("shake");
        using var plain = await OpenAsync("shake", Upgrade + "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", plain.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", plain.Head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", plain.Head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", plain.Head, StringComparison.OrdinalIgnoreCase);
        using var ours = await OpenAsync("shake", Upgrade + "Sec-WebSocket-Protocol: chat, interactions.v1.json\r\n");
        Assert.Contains("\r\nSec-WebSocket-Protocol: interactions.v1.json\r\n", ours.Head, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("text {\"t\":\"snapshot\",", await ours.Client.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")]
    [InlineData("")]
    public async Task What_is_no_handshake_is_refused_over_http(string headers)
    {
        var stream = $"noshake-{headers.Length}";
        await LiveAsync(stream);
        using var socket = await OpenAsync(stream, headers);
        Assert.StartsWith("HTTP/1.1 4", socket.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Version: 13\r\n", socket.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, InlineData(false, "", 4404), InlineData(true, "?access_token=nonsense", 4401)]
    public async Task Who_is_not_let_in_is_told_by_a_close_code(bool exists, string query, int code)
    {
        await LiveAsync($"refusals-{code}");
        using var socket = await OpenAsync(exists ? $"refusals-{code}" : "nowhere", Upgrade, query);
        Assert.StartsWith("HTTP/1.1 101 ", socket.Head, StringComparison.Ordinal);
        Assert.Equal($"close {code}", await socket.Client.NextAsync());
        await socket.Client.SendAsync(ClientFrame.Close(code));
        Assert.Null(await socket.Client.NextAsync());
    }

    [Fact]
    public async Task What_is_sent_along_with_the_handshake_is_heard()
    {
        await LiveAsync("early");
        using var socket = await OpenAsync("early", Upgrade, more: [.. ClientFrame.Ping("early"), .. ClientFrame.Text("{\"t\":\"ping\"}")]);
        Assert.Equal("pong early", await NextAsync(socket));
        Assert.StartsWith("text {\"t\":\"pong\"", await NextAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_sends_than_may_be_unanswered_are_all_answered_in_the_end()
    {
        var token = await LiveAsync("many");
        using var socket = await OpenAsync("many", Upgrade, "?access_token=" + token);
        const int Count = 500;
        var sends = Enumerable.Range(0, Count).SelectMany(i => ClientFrame.Text($"{{\"t\":\"send\",\"ref\":{i},\"items\":[{{\"type\":\"reaction\",\"kind\":\"like\"}}]}}"));
        await socket.Client.SendAsync([.. sends]);
        var answered = new HashSet<string>();
        while (answered.Count < Count)
        {
            var text = await NextAsync(socket);
            Assert.StartsWith("text {\"t\":\"ack\",\"ref\":", text, StringComparison.Ordinal);
            Assert.True(answered.Add(text!.Split(',')[1]));
        }
    }

    [Theory]
    [InlineData("810568656c6c6f", 1002)] // not masked
    [InlineData("c18000000000", 1002)] // a reserved bit
    [InlineData("838000000000", 1002)] // a reserved opcode
    [InlineData("828000000000", 4400)] // binary
    [InlineData("818100000000ff", 4400)] // not UTF-8
    [InlineData("8181000000007b", 4400)] // not JSON
    [InlineData("81ff0000000000010001", 4400)] // announces more than Limits:BodyBytes
    [InlineData("888200000000ffff", 1002)] // a close code that does not exist
    [InlineData("88820000000003e8", 1000)]
    public async Task What_breaks_the_rules_is_closed_with_its_code(string hex, int code)
    {
        await LiveAsync($"rules-{hex}");
        foreach (var servedBy in (string[])["", "Content-Length: 0\r\n"]) // the second by Kestrel
        {
            using var socket = await OpenAsync($"rules-{hex}", Upgrade + servedBy);
            await socket.Client.SendAsync(Convert.FromHexString(hex));
            Assert.Equal($"close {code}", await NextAsync(socket));
            await socket.Client.SendAsync(ClientFrame.Close(code));
            Assert.Null(await socket.Client.NextAsync());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Content-Length: 0\r\n")] // served by Kestrel
    public async Task A_message_that_grows_too_large_is_closed_before_it_ends(string headers)
    {
        var stream = $"grows-{headers.Length}";
        await LiveAsync(stream);
        using var socket = await OpenAsync(stream, Upgrade + headers);
        await socket.Client.SendAsync([.. ClientFrame.Text(new string('x', 40_000), final: false), .. ClientFrame.More(new string('x', 30_000))]);
        Assert.Equal("close 4400", await NextAsync(socket));
    }

    private static async Task<string?> NextAsync(Opened socket)
    {
        while (true)
        {
            var next = await socket.Client.NextAsync();
            if (next?.Contains("\"position\":", StringComparison.Ordinal) != true || next.Contains("\"ack\"", StringComparison.Ordinal)) return next;
        }
    }

    private async Task<string> LiveAsync(string stream)
    {
        using var owner = await Client.SignInAsync(running.Process, "socket-owner", "broadcaster");
        await owner.GoLiveAsync(stream);
        return owner.Token!;
    }

    private async Task<Opened> OpenAsync(string stream, string headers, string query = "", byte[]? more = null)
    {
        var address = running.Process.Address;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var client = RawClient.On(socket);
        await client.SendAsync([.. Encoding.ASCII.GetBytes($"GET /v1/streams/{stream}/socket{query} HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}\r\n"), .. more ?? []]);
        return new(client, await client.HeadAsync());
    }

    private sealed record Opened(RawClient Client, string Head) : IDisposable
    {
        public void Dispose() => Client.Dispose();
    }
}
