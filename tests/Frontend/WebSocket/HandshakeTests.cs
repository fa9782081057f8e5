using System.Text;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Transports.WebSocket;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

public sealed class HandshakeTests
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    [Fact]
    public void The_key_of_rfc_6455_1_3_is_accepted_as_written_there() => Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Handshake.Accept(Key));

    [Fact]
    public void The_answer_agrees_on_the_subprotocol_only_if_it_was_offered()
    {
        const string Plain = "HTTP/1.1 101 Switching Protocols\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
        Assert.Equal(Plain + "\r\n", Answer(""));
        Assert.Equal(Plain + "\r\n", Answer("chat"));
        Assert.Equal(Plain + "Sec-WebSocket-Protocol: interactions.v1.json\r\n\r\n", Answer("chat, interactions.v1.json"));
    }

    [Theory]
    [InlineData("Upgrade", "websocket", "13", Key, true)]
    [InlineData("keep-alive, Upgrade", "WebSocket", " 13", " " + Key + " ", true)]
    [InlineData("keep-alive", "websocket", "13", Key, false)]
    [InlineData("Upgrade", "h2c", "13", Key, false)]
    [InlineData("Upgrade", "websocket", "8", Key, false)]
    [InlineData("Upgrade", "websocket", "13", "", false)]
    [InlineData("Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25j", false)]
    [InlineData("Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25jZWE=", false)]
    [InlineData("Upgrade", "websocket", "13", "dGhlIHNhbXBs ZSBub25jZQ=", false)]
    [InlineData("Upgrade", "websocket", "13", "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==", false)]
    public void An_upgrade_needs_version_13_and_a_key_of_16_bytes(string connection, string upgrade, string version, string key, bool isAsked) =>
        Assert.Equal(isAsked, Handshake.IsAsked(connection, upgrade, version, key));

    private static string Answer(string offered)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.SecWebSocketKey = Key;
        if (offered.Length > 0) http.Request.Headers.SecWebSocketProtocol = offered;
        Handshake.Answer(http.Request.Headers, http.Response);
        return Encoding.ASCII.GetString(RawAnswer.Encode(http.Response, [], DateTimeOffset.UnixEpoch));
    }

    [Theory, InlineData("interactions.v1.json", true), InlineData("chat, interactions.v1.json", true), InlineData("chat", false), InlineData("", false), InlineData("Interactions.v1.json", false)]
    public void A_subprotocol_is_one_of_a_list(string offered, bool isOurs) => Assert.Equal(isOurs, Handshake.OffersSubprotocol(offered));
}
