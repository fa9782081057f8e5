using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.EndToEnd.Observability;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>Text that shows nothing, and names that would show too much, by every way in.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BlankTextTests(RunningService running)
{
    private static readonly string[] Blanks =
    [
        "", " ", "\t\n\r", "\u00a0", "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4\u17b5", "\u180b\u180e", "\u200b\u200c\u200d", "\u2028", "\u202e",
        "\u2060\u2064\u2069", "\u2800", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\uffff", "\U000e0001", "\U000e0100", "\u0301", "\u0000", " \u3164\u2800 ",
    ];

    [Fact]
    public async Task A_comment_that_shows_nothing_is_empty_over_HTTP_WebSocket_and_hub()
    {
        using var owner = await LiveAsync("blank-comments");
        foreach (var blank in Blanks) Assert.Equal("empty", await owner.RejectedAsync("blank-comments", new { type = "comment", text = blank }));
        await owner.AcceptedAsync("blank-comments", new { type = "comment", text = "\u3164x" });

        object[] items = [.. Blanks.Select(text => new { type = "comment", text })];
        await using var viewer = new SocketViewer(running.Process, "blank-comments", owner.Token);
        await viewer.Ledger.UntilAsync(seen => seen.Snapshots == 1, "the snapshot");
        await viewer.SendAsync(new { t = "send", @ref = 1, items });
        AllEmpty((await viewer.NextAsync()).GetProperty("results"));

        using var hub = await HubClient.OpenAsync(running.Process, owner.Token);
        await hub.SendAsync(new { type = 1, invocationId = "1", target = "Send", arguments = new object[] { "blank-comments", items } });
        AllEmpty((await hub.EndAsync("1")).GetProperty("result"));

        static void AllEmpty(JsonElement results)
        {
            var list = results.ValueKind == JsonValueKind.Object ? results.GetProperty("results") : results;
            Assert.Equal(Blanks.Length, list.GetArrayLength());
            Assert.All(list.EnumerateArray(), result => Assert.Equal("empty", result.GetProperty("code").GetString()));
        }
    }

    [Fact]
    public async Task Where_text_is_asked_for_what_shows_nothing_is_a_wrong_shape()
    {
        using var owner = await LiveAsync("blank-fields");
        foreach (var blank in Blanks)
        {
            object[] items =
            [
                new { type = "cue", name = blank }, new { type = "reaction", kind = blank }, new { type = "poll", id = blank, question = "?", choices = (string[])["a", "b"] },
                new { type = "poll", id = "p", question = blank, choices = (string[])["a", "b"] }, new { type = "poll", id = "p", question = "?", choices = (string[])["a", blank] },
                new { type = "comment", text = "a", key = blank }, new { type = "pin", comment = blank },
            ];
            foreach (var item in items)
                (await owner.CallAsync(HttpMethod.Post, "streams/blank-fields/interactions", JsonSerializer.Serialize(item))).Problem(400);
            (await owner.CallAsync(HttpMethod.Put, "streams/blank-fields", JsonSerializer.Serialize(new { reactions = (string[])["like", blank] }))).Problem(400);
        }
    }

    [Fact]
    public async Task A_title_that_shows_nothing_is_empty()
    {
        using var owner = await LiveAsync("blank-title");
        foreach (var blank in Blanks)
        {
            var snapshot = (await owner.CallAsync(HttpMethod.Put, "streams/blank-title", JsonSerializer.Serialize(new { title = blank }))).Expect(200);
            Assert.Equal("", snapshot.GetProperty("title").GetString());
        }
    }

    [Theory]
    [InlineData("Yes", "Yes ")]
    [InlineData("Yes", "Yes\u3164")]
    [InlineData("Yes", "Y\u200bes")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    public async Task Choices_and_kinds_that_look_the_same_are_refused(string one, string other)
    {
        using var owner = await LiveAsync("alike");
        (await owner.CallAsync(HttpMethod.Post, "streams/alike/interactions", JsonSerializer.Serialize(new { type = "poll", id = "p", question = "?", choices = new[] { one, "No", other } }))).Problem(400);
        (await owner.CallAsync(HttpMethod.Put, "streams/alike", JsonSerializer.Serialize(new { reactions = new[] { one, "No", other } }))).Problem(400);
    }

    [Theory]
    [InlineData("\u202eyrtne\u202c \u2067x\u2069", "yrtne x")]
    [InlineData("Ada\u0007\nLove\u200blace", "Ada Lovelace")]
    [InlineData("\u3164\u2800", "named")]
    [InlineData("\u202e", "named")]
    public async Task A_name_reaches_comments_and_roster_without_what_shows_nothing(string name, string shown)
    {
        var stream = $"names-{name.Length}-{shown.Length}";
        using var owner = await LiveAsync(stream);
        using var anyone = Client.Anonymous(running.Process);
        var token = (await anyone.CallAsync(HttpMethod.Post, "dev/tokens", JsonSerializer.Serialize(new { sub = "named", name }))).Expect(200).GetProperty("token").GetString()!;
        using var named = Client.WithToken(running.Process, token);
        await using var viewer = new SocketViewer(running.Process, stream, token);
        await viewer.Ledger.UntilAsync(seen => seen.Snapshots == 1, "the snapshot");
        await named.AcceptedAsync(stream, new { type = "comment", text = "hello" });
        var snapshot = await owner.SnapshotAsync(stream);
        Assert.Equal(shown, snapshot.GetProperty("comments")[0].GetProperty("name").GetString());
        await Eventually.TrueAsync(
            async () => (snapshot = await owner.SnapshotAsync(stream)).GetProperty("roster").GetProperty("joined").GetArrayLength() > 0, "the roster");
        Assert.Equal(shown, snapshot.GetProperty("roster").GetProperty("joined")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Lengths_are_counted_in_code_points()
    {
        var faces = string.Concat(Enumerable.Repeat("😀", 64));
        using var owner = await LiveAsync("lengths", new { title = string.Concat(faces, faces, faces), maxCommentLength = 64 });
        await owner.AcceptedAsync("lengths", new { type = "comment", text = faces, key = faces });
        Assert.Equal("too_long", await owner.RejectedAsync("lengths", new { type = "comment", text = faces + "😀" }));
        await owner.AcceptedAsync("lengths", new { type = "cue", name = faces });
        (await owner.CallAsync(HttpMethod.Post, "streams/lengths/interactions", JsonSerializer.Serialize(new { type = "cue", name = faces + "😀" }))).Problem(400);
        using var anyone = Client.Anonymous(running.Process);
        (await anyone.CallAsync(HttpMethod.Post, "dev/tokens", JsonSerializer.Serialize(new { sub = "long", name = faces }))).Expect(200);
        (await anyone.CallAsync(HttpMethod.Post, "dev/tokens", JsonSerializer.Serialize(new { sub = "long", name = faces + "😀" }))).Problem(400);
    }

    [Theory]
    [InlineData("""{"t":"send","ref":1,"items":[{"type":"comment","text":"\ud800"}]}""")]
    [InlineData("""{"t":"send","ref":1,"items":[{"type":"comment","\ud800":1,"text":"a"}]}""")]
    [InlineData("""{"t":"send","\udc00":1,"items":[{"type":"comment","text":"a"}],"ref":1}""")]
    [InlineData("""{"\ud800":"ping"}""")]
    [InlineData("""{"t":"\ud800"}""")]
    [InlineData("""{"t":"token","token":"\udfff"}""")]
    public async Task Half_a_surrogate_pair_is_an_error_on_a_WebSocket_and_the_connection_goes_on(string message)
    {
        using var owner = await LiveAsync("surrogates");
        await using var viewer = new SocketViewer(running.Process, "surrogates", owner.Token);
        await viewer.Ledger.UntilAsync(seen => seen.Snapshots == 1, "the snapshot");
        await viewer.SendTextAsync(message);
        var error = await viewer.NextAsync();
        Assert.Equal(("error", "bad_request"), (error.GetProperty("t").GetString(), error.GetProperty("code").GetString()));
        await viewer.SendTextAsync("""{"t":"ping"}""");
        Assert.Equal("pong", (await viewer.NextAsync()).GetProperty("t").GetString());
        Assert.Equal(1, viewer.Connections);
    }

    private async Task<Client> LiveAsync(string stream, object? settings = null)
    {
        var owner = await Client.SignInAsync(running.Process, $"{stream}-owner", "broadcaster");
        if ((await owner.GetAsync($"streams/{stream}")).Status == 404) await owner.GoLiveAsync(stream, settings);
        return owner;
    }
}
