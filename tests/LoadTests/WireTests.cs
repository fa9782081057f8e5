using System.Text;
using Interactions.LoadTests.Clients;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class WireTests
{
    [Fact]
    public void An_event_stream_reads_the_same_however_it_is_cut()
    {
        var stream = "retry: 1200\r\n\r\n: still here\n\nevent: snapshot\nid: e.1\ndata: {\"a\":\"é\"}\n\nevent: frame\ndata:{\"b\":1}\ndata: 2\n\nevent: bye\ndata: {}\n\nevent: frame\ndata: cut"u8.ToArray();
        for (var size = 1; size <= stream.Length; size++)
        {
            var seen = new Recorder();
            var parser = new SseParser(seen);
            foreach (var chunk in stream.Chunk(size)) parser.Feed(chunk);
            Assert.Equal(["Snapshot {\"a\":\"é\"}", "Frame {\"b\":1}\n2", "Bye {}"], seen.Messages);
        }
    }

    [Fact]
    public void Records_of_the_hub_are_split_and_only_items_are_handed_on()
    {
        var seen = new Recorder();
        var more = SignalRSource.Records("{}\u001e{\"type\":6}\u001e{\"type\":2,\"invocationId\":\"1\",\"item\":{\"t\":\"frame\",\"x\":[1,{\"type\":3}]}}\u001e{\"item\":{\"t\":\"frame\"},\"type\":2}\u001e"u8, seen);

        Assert.True(more);
        Assert.Equal(["Other {\"t\":\"frame\",\"x\":[1,{\"type\":3}]}", "Other {\"t\":\"frame\"}"], seen.Messages);
    }

    [Fact]
    public void The_hubs_last_word_ends_the_watching_and_its_error_is_told()
    {
        Assert.False(SignalRSource.Records("{\"type\":3,\"invocationId\":\"1\"}\u001e"u8, new Recorder()));
        var told = Assert.Throws<InvalidOperationException>(() => SignalRSource.Records("{\"type\":3,\"error\":\"not_found: no\"}\u001e"u8, new Recorder()));
        Assert.Contains("not_found", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_acknowledgement_answers_the_item_of_its_ref()
    {
        var item = InteractionJson.Comment("hello \"you\" 👋", "k1");
        Assert.Equal("""{"type":"comment","text":"hello \"you\" \uD83D\uDC4B","key":"k1"}""", Encoding.UTF8.GetString(item.Json.Span), ignoreCase: true);

        var stray = Acks.Read("""{"t":"ack","ref":7,"results":[{"status":"accepted","id":"e.3.0","position":"e.3"}]}"""u8, 44, r => r == 7 ? item : null);

        Assert.Null(stray);
        Assert.Equal(("accepted", "e.3.0", "e.3", 44L), (item.Outcome, item.Id, item.Position, item.AnsweredAt));
    }

    [Theory]
    [InlineData("""{"t":"ack","ref":7,"results":[{"status":"rejected","code":"slow_mode","retryAfterMs":10}]}""", "slow_mode")]
    [InlineData("""{"t":"error","ref":7,"code":"bad_request","detail":"…"}""", "bad_request")]
    [InlineData("""{"t":"error","ref":7,"code":"unavailable","detail":"…"}""", null)]
    public void A_refusal_is_an_answer_and_unavailable_is_none(string message, string? outcome)
    {
        var item = InteractionJson.Reaction("like", 2);

        Acks.Read(Encoding.UTF8.GetBytes(message), 44, _ => item);

        Assert.Equal(outcome, item.Outcome);
        Assert.False(item.IsAccepted);
    }

    [Fact]
    public void An_error_that_answers_nothing_is_told()
    {
        Assert.Equal("unauthorized", Acks.Read("""{"t":"error","code":"unauthorized","detail":"x"}"""u8, 1, _ => null));
    }

    private sealed class Recorder : IMessageHandler
    {
        public List<string> Messages { get; } = [];

        public void OnMessage(MessageKind kind, ReadOnlySpan<byte> json) => Messages.Add($"{kind} {Encoding.UTF8.GetString(json)}");
    }
}
