using System.Diagnostics;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Listener;

public sealed class DrainTests
{
    private const int Viewers = 120;
    private const int DrainSeconds = 4;

    [Fact]
    public async Task Viewers_are_sent_away_at_a_steady_pace_and_new_ones_turned_away_while_it_lasts()
    {
        await using var service = await ServiceProcess.StartAsync("--Limits:DrainSeconds", $"{DrainSeconds}");
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("shown");
        List<RawConnection> viewers = [];
        for (var i = 0; i < Viewers; i++)
        {
            var viewer = await RawConnection.OpenAsync(service);
            viewers.Add(viewer);
            await viewer.SendAsync("GET /v1/streams/shown/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await viewer.UntilAsync("event: snapshot\n");
        }

        using var warm = await RawConnection.OpenAsync(service);
        await warm.SendAsync("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(200, (await warm.AnswerAsync()).Status);
        using var late = await RawConnection.OpenAsync(service);

        var watch = Stopwatch.StartNew();
        var ends = viewers.Select(async viewer =>
        {
            var text = await viewer.ToEndAsync();
            return (At: watch.Elapsed.TotalSeconds, Text: text);
        }).ToList();
        var stopping = service.TerminateAsync();
        await Task.WhenAny(ends);

        // The first has left: it is draining, and for some seconds more.
        await warm.SendAsync("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(503, (await warm.AnswerAsync()).Status);
        await late.SendAsync("GET /v1/streams/shown/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var refused = await late.AnswerAsync();
        Assert.Equal(503, refused.Status);
        Assert.InRange(refused.RetryAfter, 1, 6);
        await owner.AcceptedAsync("shown", new { type = "reaction", kind = "like", count = 3 });

        var all = await Task.WhenAll(ends);
        Assert.Equal(0, await stopping);
        Assert.All(all, end => Assert.Contains("event: bye\ndata: {\"reconnectInMs\":", end.Text, StringComparison.Ordinal));
        var waits = all.Select(end => end.Text[end.Text.IndexOf("reconnectInMs", StringComparison.Ordinal)..]).Distinct().Count();
        Assert.True(waits > Viewers / 2, $"Only {waits} different times to come back at.");

        // A quarter of them leaves in each of the four seconds. A busy machine may hold them up, and sees the first late.
        var first = all.Min(end => end.At);
        for (var second = 1; second < DrainSeconds; second++)
        {
            var left = all.Count(end => end.At - first < second);
            Assert.InRange(left, 1, Viewers * (second + 1) / DrainSeconds);
        }

        Assert.InRange(all.Max(end => end.At) - first, DrainSeconds / 2.0, DrainSeconds + Busy.Seconds);

        await service.StartAgainAsync();
        Assert.Equal(3, (await owner.SnapshotAsync("shown")).GetProperty("totals").GetProperty("like").GetInt64());
        viewers.ForEach(viewer => viewer.Dispose());
    }
}
