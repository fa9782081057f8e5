using System.Text;
using System.Text.Json;
using Interactions.Contracts.Interactions;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class InteractionReaderTests
{
    [Fact]
    public void Every_type_of_the_protocol_is_read()
    {
        var items = Taken("""
            [{"type":"reaction","kind":"like","count":3},{"type":"reaction","kind":"like"},{"type":"reaction","kind":"like","count":0},
             {"type":"comment","text":"hi","replyTo":"k3f.17.0"},{"type":"comment","text":"","replyTo":null},
             {"type":"pin","comment":"k3f.17.0"},{"type":"unpin"},{"type":"delete","comment":"k3f.17.0"},
             {"type":"ban","user":"u9","seconds":600,"shadow":true},{"type":"ban","user":"u9"},{"type":"unban","user":"u9"},
             {"type":"closePoll","id":"p1"},{"type":"vote","poll":"p1","choice":-1},{"type":"vote","poll":"p1","choice":99999999999}]
            """);
        Assert.Equal(
            [
                new Reaction("like", 3), new Reaction("like", 1), new Reaction("like", 0), new Comment("hi", "k3f.17.0"), new Comment("", null),
                new Pin("k3f.17.0"), new Unpin(), new Delete("k3f.17.0"), new Ban("u9", 600, true), new Ban("u9", null, false), new Unban("u9"),
                new ClosePoll("p1"), new Vote("p1", -1), new Vote("p1", int.MaxValue),
            ],
            items.Select(item => item.Interaction));
        Assert.All(items, item => Assert.Equal(UInt128.Zero, item.Key));
    }

    [Fact]
    public void A_poll_and_a_cue_keep_what_they_carry()
    {
        var items = Taken("""[{"type":"poll","id":"p1","question":"Who?","choices":["a","b"]},{"type":"cue","name":"goal","data":{ "by" : "Ada","é":[1, 2.50] }},{"type":"cue","name":"x","data":null},{"type":"cue","name":"x"}]""");
        var poll = Assert.IsType<OpenPoll>(items[0].Interaction);
        Assert.Equal(("p1", "Who?"), (poll.Id, poll.Question));
        Assert.Equal(["a", "b"], poll.Choices);
        Assert.Equal("""{"by":"Ada","é":[1,2.50]}""", Encoding.UTF8.GetString(Assert.IsType<Cue>(items[1].Interaction).Data.Span));
        Assert.True(Assert.IsType<Cue>(items[2].Interaction).Data.IsEmpty);
        Assert.True(Assert.IsType<Cue>(items[3].Interaction).Data.IsEmpty);
    }

    [Fact]
    public void One_object_is_a_list_of_one_unknown_fields_are_ignored_and_the_last_of_two_counts()
    {
        var item = Assert.Single(Taken("""{"type":"comment","text":"a","x":{"y":[]},"text":"b","key":"c-81f"}"""));
        Assert.Equal(new Comment("b", null), item.Interaction);

        // sha256("c-81f"), the first 16 bytes.
        var expected = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("c-81f"u8))[..32];
        Assert.Equal(UInt128.Parse(expected, System.Globalization.NumberStyles.HexNumber, null), item.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[[{\"type\":\"unpin\"}]]")]
    [InlineData("{}")]
    [InlineData("""{"type":1}""")]
    [InlineData("""{"type":"Reaction","kind":"like"}""")]
    [InlineData("""{"type":"reaction"}""")]
    [InlineData("""{"type":"reaction","kind":""}""")]
    [InlineData("""{"type":"reaction","kind":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    [InlineData("""{"type":"reaction","kind":"like","count":101}""")]
    [InlineData("""{"type":"reaction","kind":"like","count":-1}""")]
    [InlineData("""{"type":"reaction","kind":"like","count":1.5}""")]
    [InlineData("""{"type":"reaction","kind":"like","count":"1"}""")]
    [InlineData("""{"type":"reaction","kind":"like","count":1e300}""")]
    [InlineData("""{"type":"comment"}""")]
    [InlineData("""{"type":"comment","text":null}""")]
    [InlineData("""{"type":"comment","text":["a"]}""")]
    [InlineData("""{"type":"comment","text":"a","replyTo":1}""")]
    [InlineData("""{"type":"comment","text":"a","key":1}""")]
    [InlineData("""{"type":"comment","text":"a","key":""}""")]
    [InlineData("""{"type":"comment","text":"a","key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    [InlineData("""{"type":"comment","text":"\ud800"}""")]
    [InlineData("""{"type":"comment","text":"a","replyTo":"\udc00"}""")]
    [InlineData("""{"type":"comment","text":"a","key":"\ud800"}""")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":"cue","name":"x","data":"\ud800"}""")]
    [InlineData("""{"type":"cue","name":"x","data":{"\ud800":1}}""")]
    [InlineData("""{"type":"cue","name":""}""")]
    [InlineData("""{"type":"cue"}""")]
    [InlineData("""{"type":"pin"}""")]
    [InlineData("""{"type":"pin","comment":7}""")]
    [InlineData("""{"type":"delete"}""")]
    [InlineData("""{"type":"ban","user":"a b"}""")]
    [InlineData("""{"type":"ban","user":"u9","seconds":0}""")]
    [InlineData("""{"type":"ban","user":"u9","seconds":31536001}""")]
    [InlineData("""{"type":"ban","user":"u9","shadow":1}""")]
    [InlineData("""{"type":"unban"}""")]
    [InlineData("""{"type":"poll","id":"p1","question":"?","choices":["a"]}""")]
    [InlineData("""{"type":"poll","id":"p1","question":"?","choices":["a",1]}""")]
    [InlineData("""{"type":"poll","id":"p1","question":"?","choices":["a",""]}""")]
    [InlineData("""{"type":"poll","id":"p1","question":"?","choices":"ab"}""")]
    [InlineData("""{"type":"poll","id":"p1","question":"","choices":["a","b"]}""")]
    [InlineData("""{"type":"poll","id":"","question":"?","choices":["a","b"]}""")]
    [InlineData("""{"type":"poll","id":"p1","question":"?","choices":["a","b","a "]}""")]
    [InlineData("""{"type":"poll","id":"p1","question":"\u3164","choices":["a","b"]}""")]
    [InlineData("""{"type":"cue","name":"\u2800"}""")]
    [InlineData("""{"\ud800":"x","type":"unban"}""")]
    [InlineData("""{"type":"closePoll"}""")]
    [InlineData("""{"type":"vote","poll":"p1"}""")]
    [InlineData("""{"type":"vote","poll":"p1","choice":"1"}""")]
    [InlineData("""{"type":"vote","poll":"p1","choice":1.5}""")]
    [InlineData("""[{"type":"unpin"},{"type":"unban"}]""")]
    public void A_wrong_shape_refuses_the_whole_body(string body)
    {
        Assert.False(InteractionReader.TryRead(Encoding.UTF8.GetBytes(body), out var items, out var problem));
        Assert.Null(items);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void The_problem_names_the_item()
    {
        InteractionReader.TryRead("""[{"type":"unpin"},{"type":"unban"}]"""u8.ToArray(), out _, out var problem);
        Assert.StartsWith("Item 1:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_items_fit_and_one_more_does_not()
    {
        string Body(int count) => $"[{string.Join(',', Enumerable.Repeat("""{"type":"unpin"}""", count))}]";
        Assert.Equal(100, Taken(Body(100)).Count);
        Assert.False(InteractionReader.TryRead(Encoding.UTF8.GetBytes(Body(101)), out _, out _));
    }

    [Fact]
    public void Cues_carry_up_to_16_KB_however_they_are_spaced()
    {
        string Body(int length) => $$"""{"type":"cue","name":"x","data":    "{{new string('x', length)}}"}""";
        Taken(Body(16 * 1024 - 2));
        Assert.False(InteractionReader.TryRead(Encoding.UTF8.GetBytes(Body(16 * 1024 - 1)), out _, out _));
    }

    [Fact]
    public void Long_comments_are_left_to_the_stream_to_judge() => Taken($$"""{"type":"comment","text":"{{new string('x', 50_000)}}"}""");

    [Fact]
    public void Nesting_is_bounded_and_stray_bytes_are_refused()
    {
        var deep = $$"""{"type":"cue","name":"x","data":{{new string('[', 40)}}{{new string(']', 40)}}}""";
        Assert.False(InteractionReader.TryRead(Encoding.UTF8.GetBytes(deep), out _, out _));
        byte[] stray = [.. "{\"type\":\"comment\",\"text\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.False(InteractionReader.TryRead(stray, out _, out _));
        using var parsed = JsonDocument.Parse(stray);
        Assert.False(InteractionReader.TryRead(parsed.RootElement, out _, out _));
        byte[] cue = [.. "{\"type\":\"cue\",\"name\":\"x\",\"data\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        using var parsedCue = JsonDocument.Parse(cue);
        Assert.False(InteractionReader.TryRead(parsedCue.RootElement, out _, out _));
    }

    [Fact]
    public void Each_type_needs_its_role()
    {
        Assert.Equal(Role.Viewer, InteractionTypes.RequiredRole(new Delete("x")));
        Assert.Equal(Role.Viewer, InteractionTypes.RequiredRole(new Vote("p", 0)));
        Assert.Equal(Role.Moderator, InteractionTypes.RequiredRole(new Ban("u", null, false)));
        Assert.Equal(Role.Moderator, InteractionTypes.RequiredRole(new Unpin()));
        Assert.Equal(Role.Broadcaster, InteractionTypes.RequiredRole(new Cue("x", default)));
        Assert.Equal(Role.Broadcaster, InteractionTypes.RequiredRole(new ClosePoll("p")));

        // A type that is added later must not be free to all by oversight.
        foreach (var type in typeof(Interaction).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Interaction))))
        {
            var one = (Interaction)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
            Assert.NotEqual(Role.Admin, InteractionTypes.RequiredRole(one));
            Assert.NotEqual("other", InteractionTypes.Name(one));
        }
    }

    [Fact]
    public void Mutated_bodies_and_noise_never_throw()
    {
        var random = new Random(11);
        var good = """[{"type":"reaction","kind":"like","count":3,"key":"k"},{"type":"cue","name":"goal","data":{"a":["\u00e9",1e5]}},{"type":"poll","id":"p","question":"?","choices":["a","b"]},{"type":"vote","poll":"p1","choice":1}]"""u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var body = good.ToArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--) body[random.Next(body.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) body = body[..random.Next(body.Length)];
            if (random.Next(4) == 0) random.NextBytes(body);
            InteractionReader.TryRead(body, out _, out _);
            SettingsReader.TryRead(body, out _, out _);
            try
            {
                using var parsed = JsonDocument.Parse(body, Shape.Json);
                InteractionReader.TryRead(parsed.RootElement, out _, out _);
            }
            catch (JsonException)
            {
                // Not a body that a caller could hand on.
            }
        }
    }

    private static IReadOnlyList<SentItem> Taken(string body)
    {
        Assert.True(InteractionReader.TryRead(Encoding.UTF8.GetBytes(body), out var items, out var problem), problem);
        return items;
    }
}
