using System.Net;
using Interactions.Frontend.Transports.Listener;
using Xunit;

namespace Interactions.Tests.Frontend.Transports;

public sealed class ProxyPreambleTests
{
    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("2001:db8::9")]
    public void The_client_is_who_the_balancer_says(string address)
    {
        var bytes = Preambles.Of(address, 4711, extensions: 7);
        Assert.True(ProxyPreamble.IsThere(bytes));
        for (var length = 12; length < bytes.Length; length++)
        {
            Assert.True(ProxyPreamble.TryRead(bytes.AsSpan(0, length), out var early));
            Assert.Null(early);
        }

        Assert.True(ProxyPreamble.TryRead([.. bytes, 1, 2, 3], out var preamble));
        Assert.Equal(new ProxyPreamble(new IPEndPoint(IPAddress.Parse(address), 4711), bytes.Length), preamble);
    }

    [Fact]
    public void A_balancer_that_speaks_for_itself_names_no_client()
    {
        Assert.True(ProxyPreamble.TryRead(Preambles.Local, out var preamble));
        Assert.Equal(new ProxyPreamble(null, 16), preamble);
    }

    [Fact]
    public void The_signature_is_told_from_its_first_bytes_on()
    {
        for (var length = 1; length < 12; length++) Assert.Null(ProxyPreamble.IsThere(Preambles.Local.AsSpan(0, length)));
        Assert.False(ProxyPreamble.IsThere("\r\n\r\nGET"u8));
        Assert.False(ProxyPreamble.IsThere("GET / HTTP/1.1\r\n"u8));
    }

    [Theory]
    [InlineData(12, 0x11)] // version 1
    [InlineData(12, 0x22)] // an unknown command
    [InlineData(14, 0x7F)] // longer than any balancer's
    [InlineData(15, 11)] // shorter than two addresses
    public void A_malformed_one_is_refused(int at, byte value)
    {
        var bytes = Preambles.Of("203.0.113.9", 1);
        bytes[at] = value;
        Assert.False(ProxyPreamble.TryRead(bytes, out _));
    }
}
