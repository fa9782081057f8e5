using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Interactions;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;
using Xunit;

namespace Interactions.Tests.Frontend.Fanout;

/// <summary>Everything at once: sinks that stall, replies, viewers that come and go, several shards.</summary>
public sealed class RoomStressTests : RoomSpecification
{
    private const int Viewers = 1200;
    private const int Rounds = 60;

    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(0.4)]
    public async Task Whoever_stalls_and_whoever_comes_or_goes_every_viewer_has_every_like_and_every_comment_once(double stalls)
    {
        var feed = await FeedAsync();
        Position Head() => feed.Head;
        var viewers = new List<(CountingSink Sink, Cursor Cursor)>();
        for (var i = 0; i < Viewers; i++) viewers.Add(await EnterAsync(i, stalls, i % 3 == 0 ? $"user-{i % 50}" : null));
        await UntilAsync(() => viewers.TrueForAll(viewer => viewer.Cursor.IsReady && viewer.Cursor.Position == Head()), "the snapshots");

        using var over = new CancellationTokenSource();
        var passers = Task.Run(() => ComeAndGoAsync(stalls, over.Token), CancellationToken.None);
        for (var round = 0; round < Rounds; round++)
        {
            await Stream.SendAsync(LocalGrains.Like(round + 1), LocalGrains.Say($"{round}", $"user-{round % 50}"));
            for (var i = round; i < Viewers; i += 7)
            {
                viewers[i].Cursor.Reply(Encoding.ASCII.GetBytes($"{{\"t\":\"ack\",\"ref\":{round}}}"));
            }

            // Some of the talkers get frames of their own from here on.
            if (round == 20) await Stream.SendAsync(LocalGrains.Moderate(new Ban("user-3", 60, Shadow: true)));
        }

        await over.CancelAsync();
        await passers;
        await UntilAsync(() => viewers.TrueForAll(viewer => viewer.Cursor.IsReady && viewer.Cursor.Position == Head()), "everyone at the head");

        var likes = Rounds * (Rounds + 1) / 2;
        var shadowed = Enumerable.Range(21, Rounds - 21).Count(round => round % 50 == 3);
        Assert.True(shadowed > 0);
        Assert.Equal(stalls > 0, viewers.Exists(viewer => viewer.Sink.Stalls > 0));
        for (var i = 0; i < Viewers; i++)
        {
            var (sink, cursor) = viewers[i];
            Assert.Null(sink.Broken);
            Assert.Equal(likes, sink.Likes);
            Assert.Equal(Rounds - (cursor.User == "user-3" ? 0 : shadowed), sink.Comments + sink.Missed);
            Assert.Equal(Enumerable.Range(0, Rounds).Where(round => i >= round && (i - round) % 7 == 0), sink.Replies);
        }
    }

    private async Task ComeAndGoAsync(double stalls, CancellationToken cancellationToken)
    {
        for (var seed = Viewers; !cancellationToken.IsCancellationRequested; seed++)
        {
            var (sink, cursor) = await EnterAsync(seed, stalls, null);
            if (seed % 2 == 0) await Task.Yield();
            cursor.End(seed % 3 == 0 ? CloseReason.GoingAway : null);
            await cursor.Ended;
            Leave(cursor);
            await cursor.Settled;
            Assert.Null(sink.Broken);
        }
    }

    private void Leave(Cursor cursor) => Rooms.All().Single().Leave(cursor);

    private async Task<(CountingSink Sink, Cursor Cursor)> EnterAsync(int seed, double stalls, string? user)
    {
        var sink = new CountingSink(seed, stalls);
        var cursor = new Cursor(sink, null, user, user, long.MaxValue, TimeProvider.System);
        Assert.NotNull(await Rooms.EnterAsync(Stream.Id, cursor, null, CancellationToken.None));
        return (sink, cursor);
    }

    private static async Task UntilAsync(Func<bool> there, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!there())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"Waited in vain for {what}.");
            await Task.Delay(5);
        }
    }
}
