using System.Text;
using Interactions.LoadTests.Swarm.Protocols;
using Interactions.LoadTests.Swarm.Watching;
using Xunit;

namespace Interactions.Tests.LoadTests.Swarm;

public sealed class ProtocolTests
{
    private const string Snapshot = """{"stream":"s","position":"k.1","at":5,"totals":{"like":3}}""";
    private const string Frame = """{"stream":"s","position":"k.2","at":7,"oldest":6,"totals":{"like":4},"delta":{"like":1},"comments":[{"id":"k.2.0","user":"u","name":"n","text":"~123~ \"totals\":{\"like\":9}","at":6,"replyTo":null}]}""";

    public static TheoryData<string, string> Protocols => new()
    {
        { "sse", "plain" }, { "sse", "chunked" }, { "sse", "one chunk" }, { "websocket", "" }, { "signalr", "" },
    };

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Messages_are_found_however_the_bytes_are_cut(string name, string form)
    {
        var protocol = WireProtocol.Of(name, "localhost");
        var (head, body) = Bytes(name, form);
        for (var cut = 1; cut < head.Length + body.Length; cut++)
        {
            var viewer = NewViewer();
            protocol.Opening(viewer);
            var seen = new List<(MessageSort, long, long)>();
            byte[] all = [.. head, .. body];
            Feed(protocol, viewer, [all[..cut], all[cut..]], seen);

            Assert.Equal([(MessageSort.Snapshot, 1, 3), (MessageSort.Frame, 2, 4)], seen);
        }
    }

    [Fact]
    public void A_frame_is_read_for_what_viewers_are_checked_by()
    {
        var facts = new FrameFacts();
        new FrameScan(["like"]).Read(Encoding.UTF8.GetBytes(Frame), MessageSort.Frame, facts);

        Assert.Equal((2, 7, 6, "k.2"), (facts.Offset, facts.AtMs, facts.OldestMs, facts.Position));
        Assert.Equal((1, 4, 1), (facts.TotalsSaid, facts.Totals[0], facts.Deltas[0]));
        Assert.Equal((1, FrameScan.Hash("k.2.0"u8)), (facts.Comments, facts.CommentHashes));
        Assert.Equal([123L], facts.CommentsSentAt);
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", 503)]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404)]
    public void A_refusal_is_told_by_its_status(string answer, int status)
    {
        foreach (var name in (string[])["sse", "websocket"])
        {
            var viewer = NewViewer();
            WireProtocol.Of(name, "localhost").Handshake(viewer, Encoding.ASCII.GetBytes(answer), out _);
            Assert.Equal((status, false), (viewer.Refusal, viewer.IsOpen));
        }
    }

    internal static Viewer NewViewer() => new() { Index = 0, Stream = 0, StreamId = "s", Path = "/x", Pace = ViewerPace.Healthy };

    /// <summary>As the worker does it: what is not used comes again with what follows.</summary>
    private static void Feed(WireProtocol protocol, Viewer viewer, byte[][] parts, List<(MessageSort, long, long)> seen)
    {
        var batch = new MessageBatch(new FrameScan(["like"]));
        byte[] held = [];
        foreach (var part in parts)
        {
            ReadOnlySpan<byte> bytes = (byte[])[.. held, .. part];
            while (!viewer.IsOpen && protocol.Handshake(viewer, bytes, out _) is var used and > 0) bytes = bytes[used..];
            if (viewer.IsOpen)
            {
                batch.Clear();
                bytes = bytes[protocol.Parse(viewer.Mode, bytes, batch)..];
                foreach (var message in batch.Messages)
                {
                    if (message.Sort != MessageSort.Other) seen.Add((message.Sort, message.Offset, message.Totals[0]));
                }
            }

            held = bytes.ToArray();
        }

        Assert.Empty(held);
    }

    private static (byte[] Head, byte[] Body) Bytes(string name, string form)
    {
        if (name == "sse")
        {
            string[] events = ["retry: 1234\n\n", $"event: snapshot\nid: k.1\ndata: {Snapshot}\n\n", ":\n\n", $"event: frame\nid: k.2\ndata: {Frame}\n\n"];
            var body = form switch
            {
                "plain" => string.Concat(events),
                "chunked" => string.Concat(events.Select(Chunk)),
                _ => Chunk(string.Concat(events)[..60]) + Chunk(string.Concat(events)[60..]),
            };
            var coding = form == "plain" ? "" : "Transfer-Encoding: chunked\r\n";
            return (Ascii($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{coding}\r\n"), Ascii(body));
        }

        var upgraded = Ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
        string[] tagged = [$$"""{"t":"snapshot",{{Snapshot[1..]}}""", $$"""{"t":"frame",{{Frame[1..]}}"""];
        return name == "websocket"
            ? (upgraded, [.. tagged.SelectMany(ServerFrame)])
            : (upgraded, [.. ServerFrame("{}\u001e"), .. ServerFrame("{\"type\":6}\u001e"), .. tagged.SelectMany(t => ServerFrame($$"""{"type":2,"invocationId":"1","item":{{t}}}""" + "\u001e"))]);
    }

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static byte[] ServerFrame(string text) => text.Length < 126
        ? [0x81, (byte)text.Length, .. Ascii(text)]
        : [0x81, 126, (byte)(text.Length >> 8), (byte)text.Length, .. Ascii(text)];

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
