using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Streams;

/// <summary>What a token is shown of the directory.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ListTests(RunningService running)
{
    [Theory]
    [InlineData("none of them", "lt-x", "lt-y*")]
    [InlineData("an id", "lt-b2", "lt-b2")]
    [InlineData("a prefix", "lt-b*", "lt-b")]
    [InlineData("overlapping prefixes", "lt-a1", "lt-*", "lt-b*", "lt-b1", "lt-a*", "lt-*")]
    [InlineData("ids out of order", "lt-c", "lt-a2", "lt-b1", "lt-a2", "lt-b")]
    public async Task A_token_is_shown_what_it_names_in_order_and_once_in_pages_of_any_size(string _, params string[] streams)
    {
        await CreateAsync();
        string[] named = [.. All.Where(id => streams.Any(pattern => pattern.EndsWith('*') ? id.StartsWith(pattern[..^1], StringComparison.Ordinal) : id == pattern))];
        using var client = await Client.SignInAsync(running.Process, "lt-watcher", "viewer", streams);
        foreach (var limit in new[] { 1, 2, 3, 100 })
        {
            Assert.Equal(named, await PagesAsync(client, $"limit={limit}"));
            Assert.Equal(named.Where(IsLive), await PagesAsync(client, $"status=live&limit={limit}"));
        }
    }

    [Fact]
    public async Task A_token_that_names_hundreds_of_streams_is_shown_those_that_are_there()
    {
        await CreateAsync();
        string[] streams = [.. Enumerable.Range(0, 800).Select(i => $"{i}"), "lt-b1", "lt-a*"];
        using var client = await Client.SignInAsync(running.Process, "lt-watcher", "viewer", streams);
        Assert.Equal(["lt-a1", "lt-a2", "lt-b1"], await PagesAsync(client, "limit=2"));
    }

    [Fact]
    public async Task A_page_begins_after_any_text_also_one_that_is_no_id()
    {
        await CreateAsync();
        using var client = await Client.SignInAsync(running.Process, "lt-watcher", "viewer", "lt-*");
        Assert.Equal(["lt-b1", "lt-b2", "lt-c"], await PagesAsync(client, "", after: "lt-b"));
        Assert.Equal(["lt-b2", "lt-c"], await PagesAsync(client, "", after: "lt-b1"));
        Assert.Equal(["lt-b2", "lt-c"], await PagesAsync(client, "", after: "lt-b1!"));
        Assert.Empty(await PagesAsync(client, "", after: "~"));
        Assert.Empty(await PagesAsync(client, "", after: "\uffff\uffff"));
        Assert.Equal(All, await PagesAsync(client, "", after: "!"));
    }

    private static string[] All => ["lt-a1", "lt-a2", "lt-b", "lt-b1", "lt-b2", "lt-c"];

    private static bool IsLive(string id) => id.EndsWith('1');

    private async Task CreateAsync()
    {
        using var owner = await Client.SignInAsync(running.Process, $"lt-owner-{Guid.NewGuid():n}", "admin");
        foreach (var id in All)
        {
            Assert.InRange((await owner.CallAsync(HttpMethod.Put, $"streams/{id}", "{}")).Status, 200, 201);
            if (IsLive(id)) (await owner.CallAsync(HttpMethod.Post, $"streams/{id}/start")).Expect(200);
        }
    }

    private static async Task<List<string>> PagesAsync(Client client, string query, string after = "")
    {
        List<string> ids = [];
        for (string? next = after; next is not null;)
        {
            var page = (await client.GetAsync($"streams?{query}&after={Uri.EscapeDataString(next)}")).Expect(200);
            ids.AddRange(page.GetProperty("streams").EnumerateArray().Select(row => row.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        return ids;
    }
}
