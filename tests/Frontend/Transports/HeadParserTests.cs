using System.Text;
using Interactions.Frontend.Transports.Listener;
using Xunit;

namespace Interactions.Tests.Frontend.Transports;

public sealed class HeadParserTests
{
    private const string Events = "GET /v1/streams/match-7/events?position=k3f.17&access_token=a.b-_c HTTP/1.1\r\nHost: example.org:5080\r\nAccept:text/event-stream \r\nLast-Event-ID: k3f.18\r\nX-Empty:\r\n\r\n";

    [Fact]
    public void A_plain_request_for_events_is_live()
    {
        Assert.Equal(HeadVerdict.Live, Read(Events, out var head));
        Assert.Equal(("match-7", false, "?position=k3f.17&access_token=a.b-_c", Events.Length), (head!.Stream, head.IsSocket, head.Query, head.Length));
        Assert.Equal(
            [("Host", "example.org:5080"), ("Accept", "text/event-stream"), ("Last-Event-ID", "k3f.18"), ("X-Empty", "")], head.Headers);
    }

    [Fact]
    public void What_follows_the_head_is_not_part_of_it()
    {
        Assert.Equal(HeadVerdict.Live, Read(Events + "GET / HTTP/1.1\r\n\r\n", out var head));
        Assert.Equal(Events.Length, head!.Length);
    }

    [Fact]
    public void Split_at_any_byte_it_waits_for_the_rest()
    {
        foreach (var text in (string[])[Events, Events.Replace("events", "socket", StringComparison.Ordinal)])
        {
            for (var length = 0; length < text.Length; length++) Assert.Equal(HeadVerdict.Incomplete, Read(text[..length], out _));
            Assert.Equal(HeadVerdict.Live, Read(text, out _));
        }
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("GET /v1/streams/x HTTP/1.1\r\n")]
    [InlineData("GET /v1/streams//events HTTP/1.1\r\n")]
    [InlineData("GET /v1/streams?")]
    [InlineData("GET /v1/streams/a%20b/events")]
    [InlineData("GET /v1/streams/x/eventsx")]
    [InlineData("GET /v1/streams/x/events/")]
    [InlineData("GET /v1/streams/x/log?after=1")]
    [InlineData("GET  /v1/streams/x/events HTTP/1.1\r\n")]
    [InlineData("get /v1/streams/x/events HTTP/1.1\r\n")]
    [InlineData("HEAD /v1/streams/x/events HTTP/1.1\r\n")]
    [InlineData("GET http://example.org/v1/streams/x/events HTTP/1.1\r\n")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1\nHost: a\n")]
    [InlineData("\r\nGET /v1/streams/x/events HTTP/1.1\r\n")]
    public void What_can_never_become_a_live_request_is_told_before_its_end(string text) => Assert.Equal(HeadVerdict.NotLive, Read(text, out _));

    [Theory]
    [InlineData("GET /v1/streams/x/events HTTP/1.0", "Host: a")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1 ", "Host: a")]
    [InlineData("GET /v1/streams/x/events  HTTP/1.1", "Host: a")]
    [InlineData("GET /v1/streams/x/events?a=b c HTTP/1.1", "Host: a")]
    [InlineData("GET /v1/streams/x/events?a#b HTTP/1.1", "Host: a")]
    [InlineData("GET /v1/streams/x/events?\u00e4 HTTP/1.1", "Host: a")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Accept: a")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nHost: a")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nhost: b")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host:")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a b")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a:b")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: :80")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: [::1")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: [zz]:1")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a@b")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host : a")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", " Host: a")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nX-A: b\r\n c")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nX-A: b\nX-B: c")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nX-A: b\rX-B: c")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nX-A: b\0")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nX-A: \u00e4")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nno colon")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\n: no name")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nContent-Length: 0")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\ntransfer-encoding: chunked")]
    [InlineData("GET /v1/streams/x/events HTTP/1.1", "Host: a\r\nExpect: 100-continue")]
    public void Whatever_has_two_readings_is_left_to_Kestrel(string line, string headers) =>
        Assert.Equal(HeadVerdict.NotLive, Read($"{line}\r\n{headers}\r\n\r\n", out _));

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:5080")]
    [InlineData("a-b.example.org:65535")]
    public void Hosts_of_the_usual_spelling_are_taken(string host) =>
        Assert.Equal(HeadVerdict.Live, Read($"GET /v1/streams/x/socket HTTP/1.1\r\nHost: {host}\r\n\r\n", out _));

    [Fact]
    public void Larger_heads_and_more_headers_than_the_limits_are_left_to_Kestrel()
    {
        const string Line = "GET /v1/streams/x/events HTTP/1.1\r\nHost: a\r\n";
        var full = Line + "X: " + new string('a', HeadParser.MostBytes - Line.Length - 7) + "\r\n\r\n";
        Assert.Equal(HeadParser.MostBytes, full.Length);
        Assert.Equal(HeadVerdict.Live, Read(full, out _));
        Assert.Equal(HeadVerdict.NotLive, Read(full.Replace("X: ", "X: a", StringComparison.Ordinal), out _));
        Assert.Equal(HeadVerdict.NotLive, Read(Line + "X: " + new string('a', HeadParser.MostBytes), out _));
        string Many(int count) => Line + string.Concat(Enumerable.Repeat("X: a\r\n", count - 1)) + "\r\n";
        Assert.Equal(HeadVerdict.Live, Read(Many(HeadParser.MostHeaders), out _));
        Assert.Equal(HeadVerdict.NotLive, Read(Many(HeadParser.MostHeaders + 1), out _));
        Assert.Equal(HeadVerdict.NotLive, Read($"GET /v1/streams/{new string('a', 65)}/events HTTP/1.1\r\nHost: a\r\n\r\n", out _));
    }

    internal static HeadVerdict Read(string text, out RequestHead? head) => HeadParser.Read(Encoding.Latin1.GetBytes(text), out head);
}
