using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>What viewers are sent, and what can be read back.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class WatchingTests(RunningService running)
{
    [Fact]
    public async Task Viewers_are_counted_and_named_and_leave_again()
    {
        using var owner = await Client.SignInAsync(running.Process, "room-owner", "broadcaster");
        using var guest = await Client.SignInAsync(running.Process, "room-guest");
        await owner.GoLiveAsync("room");
        await using var viewer = new SocketViewer(running.Process, "room", owner.Token);
        await using (var other = new SseViewer(running.Process, "room", guest.Token))
        {
            await viewer.Ledger.UntilAsync(ledger => ledger.Viewers == 2, "two viewers");
            var roster = (await owner.SnapshotAsync("room")).GetProperty("roster");
            Assert.Equal(2, roster.GetProperty("count").GetInt32());
            Assert.Contains("room-guest", roster.GetProperty("joined").EnumerateArray().Select(member => member.GetProperty("user").GetString()));
        }

        await viewer.Ledger.UntilAsync(ledger => ledger.Viewers == 1, "one viewer");
    }

    [Fact]
    public async Task A_message_that_is_understood_but_wrong_is_answered_and_the_socket_stays()
    {
        using var owner = await Client.SignInAsync(running.Process, "answer-owner", "broadcaster");
        await owner.GoLiveAsync("answer");
        await using var viewer = new SocketViewer(running.Process, "answer", owner.Token);
        await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot");

        await viewer.SendAsync(new { t = "nothing" });
        Assert.Equal("error", (await viewer.NextAsync()).GetProperty("t").GetString());
        await viewer.SendAsync(new { t = "token", token = owner.Token });
        await viewer.SendAsync(new { t = "ping" });
        Assert.Equal("pong", (await viewer.NextAsync()).GetProperty("t").GetString());
        await viewer.SendAsync(new { t = "send", @ref = 9, items = new object[] { new { type = "reaction", kind = "like" }, new { type = "reaction", kind = "boo" } } });
        var ack = await viewer.NextAsync();
        Assert.Equal(9, ack.GetProperty("ref").GetInt32());
        Assert.Equal(["accepted", "rejected"], ack.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetString()!));
        Assert.Equal(1, viewer.Connections);
    }

    [Fact]
    public async Task The_log_is_read_as_lines_from_any_position()
    {
        using var owner = await Client.SignInAsync(running.Process, "log-owner", "broadcaster");
        await owner.GoLiveAsync("log");
        var id = await owner.AcceptedAsync("log", new { type = "comment", text = "in the log" });
        await owner.AcceptedAsync("log", new { type = "reaction", kind = "like", count = 2 });

        var lines = Lines((await owner.GetAsync("streams/log/log")).Text);
        Assert.Contains(lines, line => line.GetRawText().Contains("in the log", StringComparison.Ordinal));
        var comment = id[..id.LastIndexOf('.')];
        var rest = Lines((await owner.GetAsync($"streams/log/log?after={comment}")).Text);
        var from = lines.FindIndex(line => line.GetProperty("position").GetString() == comment);
        Assert.Equal(
            lines.Skip(from + 1).Select(line => line.GetRawText()), rest.Take(lines.Count - from - 1).Select(line => line.GetRawText()));
        Assert.Equal("trimmed", (await owner.GetAsync("streams/log/log?after=zzzzzzzzzzzz.5")).Problem(410));
    }

    [Fact]
    public async Task The_timeline_adds_up_to_the_totals()
    {
        using var owner = await Client.SignInAsync(running.Process, "time-owner", "broadcaster");
        await owner.GoLiveAsync("time");
        await owner.AcceptedAsync("time", new { type = "reaction", kind = "like", count = 7 });
        await owner.AcceptedAsync("time", new { type = "comment", text = "hello" });

        var steps = (await owner.GetAsync("streams/time/timeline?step=10")).Expect(200).GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal(7, steps.Sum(step => step.GetProperty("reactions").TryGetProperty("like", out var likes) ? likes.GetInt64() : 0));
        Assert.Equal(1, steps.Sum(step => step.GetProperty("comments").GetInt64()));
    }

    private static List<JsonElement> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
}
