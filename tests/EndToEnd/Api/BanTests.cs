using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary><c>GET …/bans</c>, and what frames say of bans to whom.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BanTests(RunningService running)
{
    [Fact]
    public async Task Only_those_who_moderate_the_stream_see_who_is_banned()
    {
        using var owner = await Client.SignInAsync(running.Process, "bans-owner", "broadcaster");
        await owner.GoLiveAsync("bans-roles");
        using var named = await Client.SignInAsync(running.Process, "bans-named", "moderator", "bans-*");
        using var admin = await Client.SignInAsync(running.Process, "bans-admin", "admin");
        foreach (var (user, role, streams) in new (string, string, string[])[] { ("viewer", "viewer", []), ("viewer-named", "viewer", ["bans-roles"]), ("mod", "moderator", []), ("caster", "broadcaster", []), ("elsewhere", "moderator", ["other"]) })
        {
            using var other = await Client.SignInAsync(running.Process, "bans-" + user, role, streams);
            Assert.Equal("forbidden", (await other.GetAsync("streams/bans-roles/bans")).Problem(403));
        }

        using var anonymous = Client.Anonymous(running.Process);
        Assert.Equal("unauthorized", (await anonymous.GetAsync("streams/bans-roles/bans")).Problem(401));
        Assert.Equal("not_found", (await owner.GetAsync("streams/bans-none/bans")).Problem(404));
        foreach (var client in new[] { owner, named, admin }) Assert.Equal("[]", (await client.GetAsync("streams/bans-roles/bans")).Expect(200).GetProperty("bans").ToString());
        foreach (var limit in new[] { "0", "1001", "-1", "x" }) Assert.Equal("bad_request", (await owner.GetAsync("streams/bans-roles/bans?limit=" + limit)).Problem(400));
    }

    [Fact]
    public async Task Running_bans_are_listed_with_their_end_and_kind_and_leave_when_lifted_or_over()
    {
        using var owner = await Client.SignInAsync(running.Process, "list-owner", "broadcaster");
        await owner.GoLiveAsync("bans-list");
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await owner.AcceptedAsync("bans-list", new { type = "ban", user = "short", seconds = 1 });
        await owner.AcceptedAsync("bans-list", new { type = "ban", user = "long", seconds = 600 });
        await owner.AcceptedAsync("bans-list", new { type = "ban", user = "shadow", shadow = true });
        await owner.AcceptedAsync("bans-list", new { type = "ban", user = "Zoe" });

        var bans = await BansAsync(owner, "bans-list");
        Assert.Equal(["Zoe", "long", "shadow"], bans.Select(User).Where(user => user != "short"));
        Assert.Equal(JsonValueKind.Null, bans[0].GetProperty("until").ValueKind);
        Assert.InRange(bans[1].GetProperty("until").GetInt64(), before + 600_000, before + 660_000);
        Assert.False(bans[1].GetProperty("shadow").GetBoolean());
        Assert.Equal((true, JsonValueKind.Null), (bans[2].GetProperty("shadow").GetBoolean(), bans[2].GetProperty("until").ValueKind));

        await owner.AcceptedAsync("bans-list", new { type = "unban", user = "long" });
        await owner.AcceptedAsync("bans-list", new { type = "unban", user = "shadow" });
        for (var left = 400; (bans = await BansAsync(owner, "bans-list")).Any(ban => User(ban) == "short"); left--)
        {
            Assert.True(left > 0, "A ban of one second is listed for good.");
            await Task.Delay(25);
        }

        Assert.Equal(["Zoe"], bans.Select(User));
        await owner.CallAsync(HttpMethod.Post, "streams/bans-list/end");
        Assert.Equal(["Zoe"], (await BansAsync(owner, "bans-list")).Select(User));
    }

    [Fact]
    public async Task Thousands_of_bans_are_paged()
    {
        using var owner = await Client.SignInAsync(running.Process, "paged-owner", "broadcaster");
        await owner.GoLiveAsync("bans-paged");
        var users = Enumerable.Range(0, 250).Select(i => $"user-{i:000}").ToArray();
        foreach (var some in users.Reverse().Chunk(50)) // within the rate of one user
        {
            for (var answer = await BanAsync(some); answer.Status != 200; answer = await BanAsync(some))
            {
                Assert.Equal("rate_limited", answer.Problem(429));
                await Task.Delay(100);
            }
        }

        foreach (var limit in new[] { 1000, 250, 249, 100, 7 })
        {
            List<string> paged = [];
            string? after = null;
            do
            {
                var page = (await owner.GetAsync($"streams/bans-paged/bans?limit={limit}" + (after is null ? "" : "&after=" + after))).Expect(200);
                var rows = page.GetProperty("bans").EnumerateArray().Select(User).ToArray();
                Assert.InRange(rows.Length, 1, limit);
                paged.AddRange(rows);
                after = page.GetProperty("next").GetString();
                Assert.True(after is null || after == rows[^1]);
            }
            while (after is not null);
            Assert.Equal(users, paged);
        }

        Assert.Equal(100, (await owner.GetAsync("streams/bans-paged/bans")).Expect(200).GetProperty("bans").GetArrayLength());
        return;

        Task<Answer> BanAsync(string[] some) => owner.CallAsync(
            HttpMethod.Post, "streams/bans-paged/interactions", JsonSerializer.Serialize(some.Select(user => new { type = "ban", user })));
    }

    [Fact]
    public async Task A_ban_and_its_end_are_told_at_once_to_the_user_and_to_moderators_and_to_nobody_else()
    {
        using var owner = await Client.SignInAsync(running.Process, "told-owner", "broadcaster");
        await owner.GoLiveAsync("bans-told");
        using var bob = await Client.SignInAsync(running.Process, "told-bob");
        using var eve = await Client.SignInAsync(running.Process, "told-eve");
        await using var bobs = new SocketViewer(running.Process, "bans-told", bob.Token);
        await using var bobsEvents = new SseViewer(running.Process, "bans-told", bob.Token);
        await using var eves = new SocketViewer(running.Process, "bans-told", eve.Token);
        await using var anyones = new SseViewer(running.Process, "bans-told");
        await using var owners = new SocketViewer(running.Process, "bans-told", owner.Token);
        Ledger[] told = [bobs.Ledger, bobsEvents.Ledger];
        Ledger[] others = [eves.Ledger, anyones.Ledger];
        Ledger[] everyone = [.. told, .. others, owners.Ledger];
        foreach (var ledger in everyone) await ledger.UntilAsync(one => one.Snapshots == 1, "a snapshot");

        await owner.AcceptedAsync("bans-told", new { type = "ban", user = "told-bob", shadow = true });
        await owners.Ledger.UntilAsync(one => one.SaidOfBans("bans") == """{"set":[{"user":"told-bob","until":null,"shadow":true}],"lifted":[]}""", "the shadow ban at the owner");
        await owner.AcceptedAsync("bans-told", new { type = "unban", user = "told-bob" });
        await owners.Ledger.UntilAsync(one => one.SaidOfBans("bans") == """{"set":[],"lifted":["told-bob"]}""", "its end at the owner");
        var comment = await bob.AcceptedAsync("bans-told", new { type = "comment", text = "Not banned" });
        foreach (var ledger in everyone) await ledger.UntilAsync(one => one.HasComment(comment), "the comment");
        Assert.All([.. told, .. others], ledger => Assert.Null(ledger.SaidOfBans("ban") ?? ledger.SaidOfBans("bans")));

        await owner.AcceptedAsync("bans-told", new { type = "ban", user = "told-bob", seconds = 600 });
        foreach (var ledger in told) await ledger.UntilAsync(one => one.SaidOfBans("ban")?.StartsWith("""{"until":1""", StringComparison.Ordinal) == true, "the ban");
        Assert.True((await bob.SnapshotAsync("bans-told")).GetProperty("ban").GetProperty("until").GetInt64() > 0);
        Assert.False((await eve.SnapshotAsync("bans-told")).TryGetProperty("ban", out _));

        await owner.AcceptedAsync("bans-told", new { type = "unban", user = "told-bob" });
        foreach (var ledger in told) await ledger.UntilAsync(one => one.SaidOfBans("ban") == "null", "its end");
        comment = await bob.AcceptedAsync("bans-told", new { type = "comment", text = "Back" });
        foreach (var ledger in everyone) await ledger.UntilAsync(one => one.HasComment(comment), "the comment of one who is back");
        Assert.All(others, ledger => Assert.Null(ledger.SaidOfBans("ban") ?? ledger.SaidOfBans("bans")));
        Assert.All(told, ledger => Assert.Null(ledger.SaidOfBans("bans")));
        Assert.Null(owners.Ledger.SaidOfBans("ban"));
    }

    [Fact]
    public async Task Who_was_away_when_the_ban_was_lifted_learns_it_when_they_are_back()
    {
        using var owner = await Client.SignInAsync(running.Process, "away-owner", "broadcaster");
        await owner.GoLiveAsync("bans-away");
        using var bob = await Client.SignInAsync(running.Process, "away-bob");
        await owner.AcceptedAsync("bans-away", new { type = "ban", user = "away-bob" });
        string position;
        await using (var before = new SocketViewer(running.Process, "bans-away", bob.Token))
        {
            await before.Ledger.UntilAsync(ledger => ledger.SaidOfBans("ban") == """{"until":null}""", "the ban in the snapshot");
            position = before.Ledger.Position!;
        }

        await owner.AcceptedAsync("bans-away", new { type = "unban", user = "away-bob" });
        await using var after = new SocketViewer(running.Process, "bans-away", bob.Token, position);
        await after.Ledger.UntilAsync(ledger => ledger.SaidOfBans("ban") == "null", "its end");
        Assert.Equal(0, after.Ledger.Snapshots);
    }

    private static async Task<JsonElement[]> BansAsync(Client client, string stream) =>
        [.. (await client.GetAsync($"streams/{stream}/bans")).Expect(200).GetProperty("bans").EnumerateArray()];

    private static string User(JsonElement ban) => ban.GetProperty("user").GetString()!;
}
