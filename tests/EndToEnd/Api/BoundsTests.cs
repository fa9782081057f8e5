using System.Globalization;
using System.Text;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.Admission;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>What anyone may call costs little, whoever calls.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BoundsTests(RunningService running)
{
    private const int LogBytes = 16 << 20;

    [Fact]
    public async Task A_timeline_is_read_in_parts_and_only_so_often()
    {
        using var owner = await Client.SignInAsync(running.Process, "parts-owner", "broadcaster");
        using var reader = await Client.SignInAsync(running.Process, "parts-reader");
        await owner.GoLiveAsync("parts");
        await owner.AcceptedAsync("parts", new { type = "reaction", kind = "like", count = 7 });
        var started = (await owner.SnapshotAsync("parts")).GetProperty("startedAt").GetInt64();
        var ended = (await owner.CallAsync(HttpMethod.Post, "streams/parts/end")).Expect(200).GetProperty("endedAt").GetInt64();

        Assert.Equal(7, Likes(await reader.GetAsync(Invariant($"streams/parts/timeline?step=1&from={started}&to={ended}"))));
        Assert.Equal(7, Likes(await reader.GetAsync("streams/parts/timeline")));
        Assert.Equal(0, Likes(await reader.GetAsync(Invariant($"streams/parts/timeline?from={ended}"))));
        Assert.Equal(0, Likes(await reader.GetAsync(Invariant($"streams/parts/timeline?to={started - 60_000}"))));
        foreach (var wrong in (string[])["from=x", "to=-1", "from=1.5", "to=99999999999999999999"])
            Assert.Equal("bad_request", (await reader.GetAsync($"streams/parts/timeline?{wrong}")).Problem(400));

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => reader.GetAsync("streams/parts/timeline")));
        Assert.Contains(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal("rate_limited", answer.Problem(429)));
        Assert.Contains(answers, answer => answer.Status == 429);
        (await owner.GetAsync("streams/parts/timeline")).Expect(200);
    }

    [Fact]
    public async Task A_stream_has_64_kinds_of_reactions_in_its_life()
    {
        using var owner = await Client.SignInAsync(running.Process, "kinds-owner", "broadcaster");
        await owner.GoLiveAsync("kinds", new { reactions = Kinds(0, 16) });
        foreach (var first in (int[])[16, 32, 48]) (await PutAsync(new { reactions = Kinds(first, 16) })).Expect(200);
        Assert.Equal("too_many_kinds", (await PutAsync(new { title = "no", reactions = Kinds(63, 2) })).Problem(400));
        Assert.Equal("", (await owner.SnapshotAsync("kinds")).GetProperty("title").GetString());
        (await PutAsync(new { title = "yes", reactions = Kinds(0, 16) })).Expect(200);
        await owner.AcceptedAsync("kinds", new { type = "reaction", kind = "k15" });
        Assert.Equal(16, (await owner.SnapshotAsync("kinds")).GetProperty("totals").EnumerateObject().Count());

        Task<Answer> PutAsync(object settings) => owner.CallAsync(HttpMethod.Put, "streams/kinds", JsonSerializer.Serialize(settings));
        static string[] Kinds(int first, int count) => [.. Enumerable.Range(first, count).Select(i => Invariant($"k{i}"))];
    }

    [Fact]
    public async Task A_page_of_long_comments_ends_at_a_megabyte_and_paging_goes_on_from_there()
    {
        using var owner = await Client.SignInAsync(running.Process, "pages-owner", "broadcaster");
        await owner.GoLiveAsync("pages", new { maxCommentLength = 5000 });
        for (var i = 0; i < 120; i++) await owner.AcceptedAsync("pages", new { type = "comment", text = Invariant($"{i} ") + new string('ж', 4990) });

        List<string> seen = [];
        for (var before = ""; ;)
        {
            var answer = await owner.GetAsync("streams/pages/comments?limit=500" + before);
            Assert.InRange(Encoding.UTF8.GetByteCount(answer.Text), 0, (1 << 20) + 20_000);
            var page = answer.Expect(200).GetProperty("comments").EnumerateArray().Select(comment => comment.GetProperty("id").GetString()!).ToArray();
            if (page.Length == 0) break;
            seen.InsertRange(0, page);
            before = "&before=" + page[0];
        }

        Assert.Equal(120, seen.Distinct().Count());
    }

    [Fact]
    public async Task Readers_of_the_log_count_as_connections()
    {
        await using var service = await ServiceProcess.StartAsync("--Limits:ConnectionsPerUser", "1");
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("capped");
        using (var follower = await ReadLogAsync(service, "capped", owner.Token!, "follow=true"))
        {
            await follower.UntilAsync("\"status\":\"live\"");
            Assert.Equal("too_many_connections", (await owner.GetAsync("streams/capped/log")).Problem(429));
        }

        while ((await owner.GetAsync("streams/capped/log")).Status == 429) await Task.Delay(20);
    }

    [Fact]
    public async Task Readers_of_the_log_that_do_not_read_hold_little_and_a_token_that_ends_meanwhile_ends_the_answer()
    {
        await using var service = await ServiceProcess.StartAsync(
            "--Limits:BodyBytes", "4000000", "--Limits:InteractionsPerSecondPerUser", "1000000", "--Auth:Key", TokenMaker.Key);
        using var owner = Client.WithToken(service, TokenMaker.Hmac("""{"sub":"owner","role":"broadcaster","exp":4000000000}"""));
        await owner.GoLiveAsync("long", new { maxCommentLength = 5000 });
        var text = new string('x', 5000);
        for (var sent = 0; sent < LogBytes; sent += 100 * text.Length)
        {
            await owner.SendAsync("long", [.. Enumerable.Repeat((object)new { type = "comment", text }, 100)]);
        }

        var before = service.ResidentBytes;
        var readers = new List<RawConnection>();
        for (var i = 0; i < 20; i++)
        {
            readers.Add(await ReadLogAsync(service, "long", owner.Token!, i % 2 == 0 ? "limit=10000" : "follow=true"));
            await readers[^1].UntilAsync("\r\n\r\n");
        }

        var exp = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 2;
        using var last = await ReadLogAsync(service, "long", TokenMaker.Hmac(Invariant($$"""{"sub":"owner","role":"broadcaster","exp":{{exp}}}""")), "limit=10000");
        Assert.Contains("200 OK", await last.UntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        Assert.InRange(service.ResidentBytes - before, long.MinValue, 100 << 20);
        foreach (var reader in readers) reader.Dispose();

        while (DateTimeOffset.UtcNow.ToUnixTimeSeconds() <= exp) await Task.Delay(100); // until the token has ended
        await last.UntilAsync("}\n\r\n0\r\n\r\n");
        Assert.DoesNotContain("Exception", service.Output, StringComparison.Ordinal);
    }

    private static async Task<RawConnection> ReadLogAsync(ServiceProcess service, string stream, string token, string query)
    {
        var connection = await RawConnection.OpenAsync(service);
        await connection.SendAsync($"GET /v1/streams/{stream}/log?{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
        return connection;
    }

    private static long Likes(Answer timeline) => timeline.Expect(200).GetProperty("steps").EnumerateArray()
        .Sum(step => step.GetProperty("reactions").TryGetProperty("like", out var likes) ? likes.GetInt64() : 0);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
