using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.WebSocket;
using Xunit;

namespace Interactions.Tests.EndToEnd.Hub;

/// <summary><c>Watch</c> over the hub, as SignalR's protocol has it.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class WatchTests(RunningService running)
{
    [Fact]
    public async Task Viewers_who_number_their_calls_differently_get_the_same_frames_each_under_its_own_number()
    {
        using var owner = await LiveAsync("numbers");
        using var ada = await WatchAsync("numbers", "0");
        using var bob = await WatchAsync("numbers", "17");
        using var eve = await WatchAsync("numbers", "0");
        var comment = await owner.AcceptedAsync("numbers", new { type = "comment", text = "to all" });
        foreach (var (viewer, id) in new[] { (ada, "0"), (bob, "17"), (eve, "0") }) await UntilCommentAsync(viewer, id, comment);
    }

    [Theory]
    [InlineData("it's \"quoted\" \\ and \u0001\n")]
    [InlineData("\u00fc\u6f22\u5b57 \U0001F600 \u2028 </script>")]
    [InlineData("\"},{\"type\":7}\u001f")]
    [InlineData(null)]
    public async Task A_call_may_be_called_anything(string? id)
    {
        id ??= new string('x', 64);
        var stream = $"called-{id.Length}";
        using var owner = await LiveAsync(stream);
        using var viewer = await WatchAsync(stream, id);
        await UntilCommentAsync(viewer, id, await owner.AcceptedAsync(stream, new { type = "comment", text = "there" }));
        await viewer.CancelAsync(id);
        Assert.False((await viewer.EndAsync(id)).TryGetProperty("error", out _));
    }

    [Fact]
    public async Task A_call_whose_name_is_longer_than_its_frames_is_refused()
    {
        using var owner = await LiveAsync("long-named");
        using var viewer = await HubClient.OpenAsync(running.Process);
        var id = new string('x', 65);
        await viewer.WatchAsync(id, "long-named");
        Assert.StartsWith("bad_request: ", (await viewer.EndAsync(id)).GetProperty("error").GetString()!.Split("HubException: ")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_streams_are_watched_on_one_connection_and_one_ends_without_the_other()
    {
        using var owner = await LiveAsync("one");
        await owner.GoLiveAsync("two");
        using var viewer = await WatchAsync("one", "1");
        await viewer.WatchAsync("2", "two");
        Assert.Equal(("snapshot", "two"), Named(await viewer.ItemAsync("2")));
        var first = await owner.AcceptedAsync("one", new { type = "comment", text = "a" });
        await UntilCommentAsync(viewer, "1", first);

        await viewer.CancelAsync("1");
        await viewer.EndAsync("1");
        await owner.AcceptedAsync("one", new { type = "comment", text = "b" });
        var second = await owner.AcceptedAsync("two", new { type = "comment", text = "c" });
        await UntilCommentAsync(viewer, "2", second, "1");
    }

    [Fact]
    public async Task A_hundred_streams_are_watched_on_one_connection_and_one_that_ends_makes_room_for_another()
    {
        using var owner = await LiveAsync("hundred");
        using var viewer = await WatchAsync("hundred", "1");
        for (var id = 2; id <= 100; id++) await viewer.WatchAsync($"{id}", "hundred");
        await viewer.ItemAsync("100");

        await viewer.WatchAsync("101", "hundred");
        Assert.StartsWith("too_many_connections: ", (await viewer.EndAsync("101")).GetProperty("error").GetString(), StringComparison.Ordinal);

        await viewer.CancelAsync("7");
        await viewer.EndAsync("7");
        await viewer.WatchAsync("102", "hundred");
        await viewer.ItemAsync("102");
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_without_an_error_and_leaves_the_room()
    {
        using var owner = await LiveAsync("left");
        using var viewer = await WatchAsync("left", "1");
        await using var other = new SocketViewer(running.Process, "left");
        await other.Ledger.UntilAsync(ledger => ledger.Viewers == 2, "both viewers");

        await viewer.CancelAsync("1");
        Assert.False((await viewer.EndAsync("1")).TryGetProperty("error", out _));
        await owner.AcceptedAsync("left", new { type = "reaction", kind = "like" });
        await other.Ledger.UntilAsync(ledger => ledger.Viewers == 1 && ledger.Total("like") == 1, "one viewer and the like");
        await viewer.SendAsync(new { type = 1, invocationId = "2", target = "Ping", arguments = Array.Empty<object>() });

        // Nothing of the stream comes before the answer.
        var next = (await viewer.NextAsync())!.Value;
        Assert.Equal((3, "2"), (HubClient.Kind(next), next.GetProperty("invocationId").GetString()));
    }

    [Fact]
    public async Task A_connection_that_is_cut_leaves_the_room()
    {
        using var owner = await LiveAsync("cut");
        await using var other = new SocketViewer(running.Process, "cut");
        using (await WatchAsync("cut", "1")) await other.Ledger.UntilAsync(ledger => ledger.Viewers == 2, "both viewers");
        await owner.AcceptedAsync("cut", new { type = "reaction", kind = "like" });
        await other.Ledger.UntilAsync(ledger => ledger.Viewers == 1, "one viewer");
    }

    [Fact]
    public async Task A_stream_that_is_erased_says_bye_and_ends_the_answer()
    {
        using var owner = await LiveAsync("erased");
        using var viewer = await WatchAsync("erased", "1");
        (await owner.CallAsync(HttpMethod.Delete, "streams/erased")).Expect(204);
        JsonElement item;
        do item = await viewer.ItemAsync("1");
        while (item.GetProperty("t").GetString() != "bye");
        Assert.True(item.GetProperty("reconnectInMs").GetInt32() > 0);
        var end = (await viewer.NextAsync())!.Value;
        Assert.Equal((3, false), (HubClient.Kind(end), end.TryGetProperty("error", out _)));
    }

    [Theory]
    [InlineData("Watch", "not_found: ", "nowhere")]
    [InlineData("watch", "not_found: ", "nowhere", null)]
    [InlineData("wATCH", "not_found: ", "nowhere")]
    [InlineData("Watch", "bad_request: ", "nowhere", null, "17")] // the hub's own argument is not the client's to give
    [InlineData("wATCH", "bad_request: ", "nowhere", null, "17")]
    [InlineData("Watch", "bad_request: ")]
    [InlineData("Watch", "bad_request: ", null, null)]
    [InlineData("Watch", "bad_request: ", "")]
    [InlineData("Send", "bad_request: ", "nowhere", "x")]
    [InlineData("Ping", "bad_request: ")]
    [InlineData("Nothing", "not_found: ")]
    [InlineData("", "not_found: ")]
    [InlineData("Dispose", "not_found: ")]
    [InlineData(" on the server. HubException: accepted: ", "not_found: ")]
    public async Task A_wrong_call_is_answered_with_an_error(string target, string error, params string?[] arguments)
    {
        using var viewer = await HubClient.OpenAsync(running.Process);
        await viewer.SendAsync(new { type = 4, invocationId = "1", target, arguments });
        Assert.StartsWith(error, (await viewer.EndAsync("1")).GetProperty("error").GetString(), StringComparison.Ordinal);
        await viewer.SendAsync(new { type = 1, invocationId = "2", target = "Ping", arguments = Array.Empty<object>() });
        Assert.True((await viewer.EndAsync("2")).GetProperty("result").GetInt64() > 0);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("17")]
    [InlineData("{}")]
    [InlineData("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Ping\"}")]
    [InlineData("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Ping\",\"arguments\":{}}")]
    [InlineData("{\"type\":1,\"invocationId\":\"\\ud800\",\"target\":\"Ping\",\"arguments\":[]}")]
    [InlineData("{\"type\":1,\"invocationId\":\"1\",\"target\":\"\\udc00\",\"arguments\":[]}")]
    [InlineData("{\"type\":99}")]
    public async Task What_is_not_SignalRs_ends_the_connection_with_a_code_or_is_passed_over_and_nothing_is_logged(string record)
    {
        using var viewer = await HubClient.OpenAsync(running.Process);
        await viewer.Wire.SendAsync(ClientFrame.Text(record + '\u001e'));
        await viewer.SendAsync(new { type = 1, invocationId = "2", target = "Ping", arguments = Array.Empty<object>() });
        var next = (await viewer.NextAsync())!.Value;
        if (HubClient.Kind(next) == 7) Assert.StartsWith("bad_request: ", next.GetProperty("error").GetString(), StringComparison.Ordinal);
        else Assert.Equal("2", next.GetProperty("invocationId").GetString());
        Assert.DoesNotContain("HubConnectionHandler", running.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_too_long_ends_the_connection_with_a_code()
    {
        using var viewer = await HubClient.OpenAsync(running.Process);
        for (var i = 0; i < 10; i++) await viewer.Wire.SendAsync(ClientFrame.Text(new string('x', 8_000)));
        Assert.StartsWith("bad_request: ", (await viewer.NextAsync())!.Value.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"half\",[{\"type\":\"comment\",\"text\":\"\\ud800\"}]]")]
    [InlineData("[\"half\",[{\"\\ud800\":1,\"type\":\"comment\",\"text\":\"a\"}]]")]
    [InlineData("[\"\\ud800\",[]]")]
    [InlineData("[\"half\",[{\"type\":\"reaction\",\"kind\":\"like\",\"count\":0}]]")]
    [InlineData("[\"half\",[{\"type\":\"reaction\",\"kind\":\"like\",\"count\":101}]]")]
    [InlineData("[\"half\"]")]
    [InlineData("[\"half\",[],7]")]
    [InlineData("[7,[]]")]
    public async Task A_wrong_argument_is_a_bad_request(string arguments)
    {
        using var owner = await Client.SignInAsync(running.Process, "half-owner", "broadcaster");
        await owner.CallAsync(HttpMethod.Put, "streams/half", "{}");
        using var viewer = await HubClient.OpenAsync(running.Process, owner.Token);
        await viewer.Wire.SendAsync(ClientFrame.Text($"{{\"type\":1,\"invocationId\":\"1\",\"target\":\"Send\",\"arguments\":{arguments}}}\u001e"));
        Assert.StartsWith("bad_request: ", (await viewer.EndAsync("1")).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static (string?, string?) Named(JsonElement frame) => (frame.GetProperty("t").GetString(), frame.GetProperty("stream").GetString());

    private static async Task UntilCommentAsync(HubClient viewer, string id, string comment, string? ended = null)
    {
        while (true)
        {
            var record = (await viewer.NextAsync())!.Value;
            Assert.Equal(2, HubClient.Kind(record));
            var of = record.GetProperty("invocationId").GetString();
            Assert.True(ended is null || of != ended, $"An item after its call's end: {record}");
            if (of != id) continue;
            if (record.GetProperty("item").TryGetProperty("comments", out var comments) && comments.EnumerateArray().Any(one => one.GetProperty("id").GetString() == comment)) return;
        }
    }

    private async Task<Client> LiveAsync(string stream)
    {
        var owner = await Client.SignInAsync(running.Process, "hub-owner", "broadcaster");
        await owner.GoLiveAsync(stream);
        return owner;
    }

    private async Task<HubClient> WatchAsync(string stream, string id)
    {
        var viewer = await HubClient.OpenAsync(running.Process);
        await viewer.WatchAsync(id, stream);
        Assert.Equal(("snapshot", stream), Named(await viewer.ItemAsync(id)));
        return viewer;
    }
}
