using System.Diagnostics;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Cluster.Faults;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Crashes;

/// <summary>A clock is ten years off and is set right: bans, slow mode and keys last as long as they were meant to.</summary>
public sealed class WrongClockTests
{
    private const string Ahead = "+3650d";
    private const string Behind = "-3650d";
    private const int SlowModeSeconds = 6;
    private const int BanSeconds = 8;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_clock_that_was_ahead_freezes_nothing(bool restart)
    {
        using var clock = new FakeClock(Ahead);
        await using var service = await ServiceProcess.StartAsync([], clock.Environment);
        await BeginAsync(service);

        clock.SetRight();
        if (restart)
        {
            await service.KillAsync();
            await service.StartAgainAsync();
        }

        await ClockIsRightAsync(service);
        await CheckAsync(service);
        var metrics = await MetricsAsync(service);
        Assert.Contains(restart ? "is 315" : "clock jumped by -315", service.Output, StringComparison.Ordinal);
        Assert.Contains($"interactions_clock_jumps_total {(restart ? 0 : 1)}\n", metrics, StringComparison.Ordinal);
        Assert.Matches(@"interactions_log_time_ahead_seconds 315\d{6}", metrics);
    }

    [Fact]
    public async Task A_clock_that_was_behind_and_is_set_right_ends_no_ban_and_forgets_no_key()
    {
        using var clock = new FakeClock(Behind);
        await using var service = await ServiceProcess.StartAsync([], clock.Environment);
        using (var host = await Client.SignInAsync(service, "host", "broadcaster"))
        using (var ada = await Client.SignInAsync(service, "ada"))
        {
            await host.GoLiveAsync("match");
            await host.AcceptedAsync("match", new { type = "ban", user = "bob", seconds = 600 });
            await ada.AcceptedAsync("match", new { type = "comment", text = "before", key = "k1" });
        }

        clock.SetRight();
        await ClockIsRightAsync(service);
        using var adaNow = await Client.SignInAsync(service, "ada");
        using var bob = await Client.SignInAsync(service, "bob");
        var banned = Assert.Single(await bob.SendAsync("match", new { type = "reaction", kind = "like" }));
        Assert.Equal("banned", banned.GetProperty("code").GetString());
        Assert.InRange(banned.GetProperty("retryAfterMs").GetInt64(), 540_000, 600_000);
        var until = (await bob.GetAsync("streams/match/me")).Expect(200).GetProperty("ban").GetProperty("until").GetInt64();
        Assert.InRange(until - NowMs, 540_000, 601_000);

        var again = await adaNow.AcceptedAsync("match", new { type = "comment", text = "again", key = "k1" });
        var after = await adaNow.AcceptedAsync("match", new { type = "comment", text = "after" });
        var comments = (await adaNow.SnapshotAsync("match")).GetProperty("comments").EnumerateArray().ToArray();
        Assert.Equal([again, after], comments.Select(comment => comment.GetProperty("id").GetString()));
        Assert.InRange(NowMs - comments[1].GetProperty("at").GetInt64(), -1000, 60_000);
    }

    [Fact]
    public async Task A_start_with_a_clock_that_is_behind_goes_on_where_the_log_ended()
    {
        using var clock = new FakeClock("+0d");
        await using var service = await ServiceProcess.StartAsync([], clock.Environment);
        await BeginAsync(service);
        await service.KillAsync();
        clock.Set(Behind);
        await service.StartAgainAsync();
        await CheckAsync(service, TimeSpan.FromDays(-3650));
    }

    private static long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    // A comment by each user in slow mode, and a ban.
    private static async Task BeginAsync(ServiceProcess service)
    {
        using var host = await Client.SignInAsync(service, "host", "broadcaster");
        using var ada = await Client.SignInAsync(service, "ada");
        using var bob = await Client.SignInAsync(service, "bob");
        await host.GoLiveAsync("match", new { slowModeSeconds = SlowModeSeconds });
        await ada.AcceptedAsync("match", new { type = "comment", text = "one" });
        await bob.AcceptedAsync("match", new { type = "comment", text = "one" });
        await host.AcceptedAsync("match", new { type = "ban", user = "eve", seconds = BanSeconds });
        await host.AcceptedAsync("match", new { type = "cue", name = "goal" });
    }

    private static async Task CheckAsync(ServiceProcess service, TimeSpan clockIsOff = default, string sender = "ada")
    {
        using var ada = await Client.SignInAsync(service, sender);
        using var eve = await Client.SignInAsync(service, "eve");
        await using var viewer = new SseViewer(service, "match", ada.Token);
        await FaultRun.UntilAsync(async () => (await ada.GetAsync("streams/match")).Status == 200, "the stream");
        await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots > 0, "a snapshot");
        var since = Stopwatch.GetTimestamp();
        if ((await eve.GetAsync("streams/match/me")).Expect(200).GetProperty("ban") is { ValueKind: JsonValueKind.Object } ban)
        {
            Assert.InRange(ban.GetProperty("until").GetInt64() - NowMs - clockIsOff.TotalMilliseconds, 0, BanSeconds * 1000);
        }

        var commenting = CommentAsync(ada);
        await Task.WhenAll(
            commenting,
            TakenAsync(eve, new { type = "reaction", kind = "like" }, "banned", BanSeconds));
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, BanSeconds + 1 + Busy.Seconds);

        var id = await commenting;
        await viewer.Ledger.UntilAsync(ledger => ledger.HasComment(id), "the comment");
        var snapshot = await ada.SnapshotAsync("match");
        long[] times =
        [
            .. snapshot.GetProperty("comments").EnumerateArray().Concat(snapshot.GetProperty("cues").EnumerateArray()).Select(shown => shown.GetProperty("at").GetInt64()),
            .. viewer.Ledger.CommentTimes(), snapshot.GetProperty("startedAt").GetInt64(),
        ];
        if (clockIsOff == default) Assert.All(times, at => Assert.InRange(NowMs - at, -1000, 120_000));
    }

    // Slow mode ends, and begins again.
    private static async Task<string> CommentAsync(Client client)
    {
        var id = await TakenAsync(client, new { type = "comment", text = "two", key = "two" }, "slow_mode", SlowModeSeconds);
        Assert.Equal("slow_mode", await client.RejectedAsync("match", new { type = "comment", text = "three" }));
        return id;
    }

    // Refused until the time is over, and told no longer wait than there can be.
    private static async Task<string> TakenAsync(Client client, object item, string refusal, int mostSeconds)
    {
        var id = "";
        await FaultRun.UntilAsync(
            async () =>
            {
                var answer = await client.CallAsync(HttpMethod.Post, "streams/match/interactions", JsonSerializer.Serialize(item));
                if (answer.Status == 503) return false; // a busy machine: its key tells what became of it
                var result = answer.Expect(200).GetProperty("results")[0];
                if (result.GetProperty("status").GetString() == "accepted")
                {
                    id = result.GetProperty("id").GetString()!;
                    return true;
                }

                Assert.Equal(refusal, result.GetProperty("code").GetString());
                Assert.InRange(result.GetProperty("retryAfterMs").GetInt64(), 1, mostSeconds * 1000);
                return false;
            },
            $"the end of {refusal}");
        return id;
    }

    private static Task ClockIsRightAsync(ServiceProcess service) =>
        FaultRun.UntilAsync(
            async () =>
            {
                using var http = new HttpClient();
                using var answer = await http.GetAsync(new Uri(service.Address, "healthz"));
                return answer.Headers.Date is { } date && Math.Abs((date - DateTimeOffset.UtcNow).TotalSeconds) < 30;
            },
            "the right clock");

    private static async Task<string> MetricsAsync(ServiceProcess service)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(service.Address, "metrics"));
    }
}
