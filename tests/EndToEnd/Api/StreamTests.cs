using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>The calls that make, change, list and delete streams.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StreamTests(RunningService running)
{
    [Fact]
    public async Task A_stream_is_created_then_changed_and_goes_only_forward()
    {
        using var owner = await Client.SignInAsync(running.Process, "life-owner", "broadcaster");
        var created = await PutAsync(owner, "life", """{"title":"One","reactions":["like","wow"],"slowModeSeconds":2}""");
        Assert.Equal(201, created.Status);
        var changed = await PutAsync(owner, "life", """{"title":"Two","unknown":"ignored"}""");
        Assert.Equal(200, changed.Status);

        var snapshot = await owner.SnapshotAsync("life");
        Assert.Equal("Two", Text(snapshot, "title"));
        Assert.Equal("created", Text(snapshot, "status"));
        Assert.Equal("life-owner", Text(snapshot, "owner"));
        Assert.Equal(["like", "wow"], snapshot.GetProperty("settings").GetProperty("reactions").EnumerateArray().Select(kind => kind.GetString()!));
        Assert.Equal(2, snapshot.GetProperty("settings").GetProperty("slowModeSeconds").GetInt32());

        Assert.Equal("not_live", await owner.RejectedAsync("life", new { type = "reaction", kind = "like" }));
        Assert.InRange((await owner.CallAsync(HttpMethod.Post, "streams/life/start")).Status, 200, 204);
        Assert.Equal("live", Text(await owner.SnapshotAsync("life"), "status"));
        await owner.AcceptedAsync("life", new { type = "reaction", kind = "like" });
        Assert.InRange((await owner.CallAsync(HttpMethod.Post, "streams/life/end")).Status, 200, 204);
        Assert.Equal("not_live", await owner.RejectedAsync("life", new { type = "reaction", kind = "like" }));
        Assert.Equal("conflict", (await owner.CallAsync(HttpMethod.Post, "streams/life/start")).Problem(409));
        Assert.Equal("ended", Text(await owner.SnapshotAsync("life"), "status"));
    }

    [Fact]
    public async Task The_directory_is_listed_by_status_and_paged()
    {
        using var owner = await Client.SignInAsync(running.Process, "list-owner", "broadcaster");
        for (var i = 0; i < 5; i++) await owner.GoLiveAsync($"list-{i}");
        await owner.CallAsync(HttpMethod.Post, "streams/list-4/end");

        var ids = new List<string>();
        string? after = null;
        do
        {
            var page = (await owner.GetAsync("streams?status=live&limit=2" + (after is null ? "" : "&after=" + after))).Expect(200);
            var rows = page.GetProperty("streams").EnumerateArray().ToArray();
            Assert.InRange(rows.Length, 0, 2);
            Assert.All(rows, row => Assert.Equal("live", Text(row, "status")));
            ids.AddRange(rows.Select(row => Text(row, "id")));
            after = rows.Length == 2 ? ids[^1] : null;
        }
        while (after is not null);

        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(["list-0", "list-1", "list-2", "list-3"], ids.Where(id => id.StartsWith("list-", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task A_deleted_stream_is_gone_and_its_id_begins_a_new_life()
    {
        using var owner = await Client.SignInAsync(running.Process, "delete-owner", "broadcaster");
        await owner.GoLiveAsync("deleted");
        var first = await owner.AcceptedAsync("deleted", new { type = "comment", text = "first life" });
        var old = Text(await owner.SnapshotAsync("deleted"), "position");

        Assert.InRange((await owner.CallAsync(HttpMethod.Delete, "streams/deleted")).Status, 200, 204);
        Assert.Equal("not_found", (await owner.GetAsync("streams/deleted")).Problem(404));

        await owner.GoLiveAsync("deleted");
        var second = await owner.AcceptedAsync("deleted", new { type = "comment", text = "second life" });
        Assert.NotEqual(first.Split('.')[0], second.Split('.')[0]);

        // A cursor of the old life is answered with a snapshot of the new one.
        await using var viewer = new SocketViewer(running.Process, "deleted", owner.Token, position: old);
        await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot");
        Assert.True(viewer.Ledger.HasComment(second));
        Assert.False(viewer.Ledger.HasComment(first));
    }

    [Fact]
    public async Task Roles_and_named_streams_decide_who_acts_on_a_stream()
    {
        using var owner = await Client.SignInAsync(running.Process, "roles-owner", "broadcaster");
        await owner.GoLiveAsync("roles-1");
        using var viewer = await Client.SignInAsync(running.Process, "roles-viewer");
        using var stranger = await Client.SignInAsync(running.Process, "roles-stranger", "broadcaster");
        using var named = await Client.SignInAsync(running.Process, "roles-named", "moderator", "roles-*");
        using var elsewhere = await Client.SignInAsync(running.Process, "roles-elsewhere", "viewer", "other");
        using var admin = await Client.SignInAsync(running.Process, "roles-admin", "admin");
        using var anonymous = Client.Anonymous(running.Process);

        Assert.Equal("forbidden", (await PutAsync(viewer, "roles-2", "{}")).Problem(403));
        Assert.Equal("forbidden", (await PutAsync(stranger, "roles-1", "{}")).Problem(403));
        Assert.Equal("forbidden", (await named.CallAsync(HttpMethod.Delete, "streams/roles-1")).Problem(403));
        Assert.Equal("forbidden", (await elsewhere.GetAsync("streams/roles-1")).Problem(403));
        Assert.Equal("unauthorized", (await anonymous.CallAsync(HttpMethod.Post, "streams/roles-1/interactions", """{"type":"unpin"}""")).Problem(401));
        Assert.Equal("forbidden", await viewer.RejectedAsync("roles-1", new { type = "cue", name = "goal" }));
        Assert.Equal("forbidden", await stranger.RejectedAsync("roles-1", new { type = "ban", user = "x", seconds = 1, shadow = false }));
        Assert.Equal("forbidden", await named.RejectedAsync("roles-1", new { type = "cue", name = "goal" }));

        await named.AcceptedAsync("roles-1", new { type = "ban", user = "x", seconds = 1, shadow = false });
        (await anonymous.GetAsync("streams/roles-1")).Expect(200);
        (await PutAsync(admin, "roles-1", """{"title":"by an admin"}""")).Expect(200);
        Assert.InRange((await admin.CallAsync(HttpMethod.Delete, "streams/roles-1")).Status, 200, 204);
    }

    [Fact]
    public async Task Health_readiness_metrics_and_the_page_are_served()
    {
        using var http = new HttpClient { BaseAddress = running.Process.Address };
        Assert.Equal(200, (int)(await http.GetAsync("healthz")).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("readyz")).StatusCode);
        Assert.Contains("# TYPE ", await http.GetStringAsync("metrics"), StringComparison.Ordinal);
        var page = await http.GetAsync("");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("js/main.js", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("text/css", (await http.GetAsync("css/base.css")).Content.Headers.ContentType?.MediaType);
    }

    private static Task<Answer> PutAsync(Client client, string stream, string json) => client.CallAsync(HttpMethod.Put, $"streams/{stream}", json);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
