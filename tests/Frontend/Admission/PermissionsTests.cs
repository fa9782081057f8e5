using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class PermissionsTests
{
    private const string Stream = "match-7";

    [Theory]
    [InlineData("match-7", true)]
    [InlineData("match-*", true)]
    [InlineData("*", true)]
    [InlineData("match-7*", true)]
    [InlineData("match-", false)]
    [InlineData("Match-7", false)]
    [InlineData("match-77", false)]
    public void Streams_are_named_by_id_or_prefix(string pattern, bool named)
    {
        Assert.Equal(named, Who("u", Role.Viewer, pattern).Covers(Stream));
        Assert.Equal(named, Who("u", Role.Viewer, pattern).Names(Stream));
    }

    [Fact]
    public void A_token_without_streams_covers_all_and_names_none()
    {
        Assert.True(Who("u", Role.Viewer).Covers(Stream));
        Assert.False(Who("u", Role.Viewer).Names(Stream));
        Assert.False(new Identity("u", "u", Role.Admin, [], 0).Covers(Stream));
    }

    [Fact]
    public void Nobody_may_watch_if_the_settings_say_so_and_never_sends()
    {
        Assert.True(Permissions.CanWatch(null, new AuthOptions(), Stream));
        Assert.False(Permissions.CanWatch(null, new AuthOptions(Anonymous: AnonymousAccess.None), Stream));
        Assert.False(Permissions.CanWatch(Who("u", Role.Viewer, "other"), new AuthOptions(), Stream));
        Assert.False(Permissions.CanSend(null, Stream));
    }

    // owner = "o"; moderates, broadcasts, deletes.
    [Theory]
    [InlineData("o", Role.Viewer, null, false, false, false)]
    [InlineData("o", Role.Moderator, null, true, false, false)]
    [InlineData("o", Role.Broadcaster, null, true, true, true)]
    [InlineData("o", Role.Broadcaster, "other", false, false, false)]
    [InlineData("m", Role.Moderator, null, false, false, false)]
    [InlineData("m", Role.Moderator, "match-*", true, false, false)]
    [InlineData("b", Role.Broadcaster, null, false, false, false)]
    [InlineData("b", Role.Broadcaster, "match-7", true, true, false)]
    [InlineData("v", Role.Viewer, "match-7", false, false, false)]
    [InlineData("a", Role.Admin, null, true, true, true)]
    [InlineData("a", Role.Admin, "other", false, false, false)]
    [InlineData("a", Role.Admin, "match-7", true, true, true)]
    public void Roles_act_on_streams_that_are_theirs_or_named(string user, object rank, string? streams, bool moderates, bool broadcasts, bool deletes)
    {
        var who = Who(user, (Role)rank, streams);
        Assert.Equal(moderates, Permissions.Moderates(who, Stream, "o"));
        Assert.Equal(broadcasts, Permissions.Broadcasts(who, Stream, "o"));
        Assert.Equal(deletes, Permissions.CanDelete(who, Stream, "o"));
        Assert.Equal(moderates, Permissions.Has(who, Role.Moderator, Stream, "o"));
        Assert.False(Permissions.Moderates(null, Stream, null));
    }

    [Fact]
    public void Broadcasters_create_what_their_token_covers()
    {
        Assert.True(Permissions.CanCreate(Who("b", Role.Broadcaster), Stream));
        Assert.False(Permissions.CanCreate(Who("b", Role.Broadcaster, "other"), Stream));
        Assert.False(Permissions.CanCreate(Who("m", Role.Moderator), Stream));
    }

    private static Identity Who(string user, Role role, string? streams = null) => new(user, user, role, streams is null ? null : [streams], 0);
}
