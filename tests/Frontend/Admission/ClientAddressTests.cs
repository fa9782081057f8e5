using System.Net;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class ClientAddressTests
{
    private static readonly ProxyOptions Proxies = new([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8:ff::/48")]);

    [Theory]
    [InlineData("192.0.2.1", "198.51.100.7", "192.0.2.1")] // not a trusted peer
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.7:4711", "198.51.100.7")]
    [InlineData("2001:db8:ff::1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "127.0.0.1, 198.51.100.7", "198.51.100.7")] // what the client wrote itself
    [InlineData("10.0.0.1", "127.0.0.1, 198.51.100.7, 10.0.0.2", "198.51.100.7")]
    [InlineData("10.0.0.1", "10.9.9.9", "10.9.9.9")]
    [InlineData("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7, unknown, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "0", "10.0.0.1")] // what some parsers take for an address
    [InlineData("10.0.0.1", "1", "10.0.0.1")]
    [InlineData("10.0.0.1", "3232235777", "10.0.0.1")]
    [InlineData("10.0.0.1", "127.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "0x7f.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "0300.0250.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.051.100.7", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.256", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7.", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7:", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7:99999", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7:-1", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7/32", "10.0.0.1")]
    [InlineData("10.0.0.1", "[198.51.100.7]:80", "10.0.0.1")]
    [InlineData("10.0.0.1", "_hidden", "10.0.0.1")]
    [InlineData("10.0.0.1", "\"198.51.100.7\"", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7, ", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7,,10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "fe80::1%1", "10.0.0.1")]
    [InlineData("10.0.0.1", "[2001:db8::7", "10.0.0.1")]
    [InlineData("10.0.0.1", "[2001:db8::7]x", "10.0.0.1")]
    [InlineData("10.0.0.1", "2001:DB8:0:0::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "[2001:db8::7]", "2001:db8::7")]
    [InlineData("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7")]
    [InlineData("10.0.0.1", "[::ffff:c633:6407]:4711", "198.51.100.7")]
    [InlineData("10.0.0.1", "::ffff:198.051.100.7", "10.0.0.1")]
    public void Only_what_trusted_proxies_wrote_is_believed(string peer, string forwarded, string client) =>
        Assert.Equal(IPAddress.Parse(client), ClientAddress.Of(IPAddress.Parse(peer), forwarded.Length == 0 ? default : new(forwarded), Proxies));

    [Fact]
    public void Several_headers_are_one_list() => Assert.Equal(
        IPAddress.Parse("198.51.100.7"),
        ClientAddress.Of(IPAddress.Parse("10.0.0.1"), new(["127.0.0.1", "198.51.100.7, 10.0.0.2"]), Proxies));
}
