using Interactions.Frontend.Admission;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Wire;
using Xunit;

namespace Interactions.Tests.Frontend.Fanout;

public sealed class VisitTests : RoomSpecification
{
    private readonly ConnectionCaps _caps = new(new LimitOptions(ConnectionsPerUser: 1));

    [Fact]
    public async Task A_viewer_who_ends_has_left_the_room_and_given_its_place_back()
    {
        var (cursor, visit) = await BeginAsync();
        Assert.Equal(1, Rooms.Viewers);
        Assert.False(_caps.TryTake(null, "ada", out _, out _));
        var watching = visit.WatchAsync();
        cursor.End(CloseReason.GoingAway);
        Assert.Equal(CloseReason.GoingAway, await watching.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, Rooms.Viewers);
        Assert.True(_caps.TryTake(null, "ada", out _, out _));
    }

    [Fact]
    public async Task A_viewer_leaves_the_room_before_its_transport_knows_why_it_ended()
    {
        var (cursor, visit) = await BeginAsync();
        var why = new TaskCompletionSource<string>();
        var watching = visit.WatchAsync(() => why.Task);
        cursor.End(null);
        Assert.Null(await watching.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, Rooms.Viewers);
        why.SetResult("no_progress");
    }

    private async Task<(Cursor Cursor, Visit Visit)> BeginAsync()
    {
        Assert.True(_caps.TryTake(null, "ada", out var permit, out _));
        var admitted = new Admitted(new Identity("ada", "Ada", Role.Viewer, null, long.MaxValue), null, permit);
        var cursor = Visit.CursorOf(new TestSink(), admitted, TimeProvider.System);
        var visit = await Visit.BeginAsync(Rooms, Stream.Id, cursor, admitted, CancellationToken.None);
        return (cursor, visit!.Value);
    }
}
