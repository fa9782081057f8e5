using Interactions.Contracts.Grains;
using Interactions.Silo.Grains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Interactions.Tests.Silo.Grains;

public sealed class FrontendLeasesTests : IDisposable
{
    private const int Megabyte = 1 << 20;

    private readonly FakeTimeProvider _time = new();
    private readonly FrontendLeases _leases;

    public FrontendLeasesTests() => _leases = new FrontendLeases("silo-1", _time);

    public void Dispose() => _leases.Dispose();

    [Fact]
    public void A_frontend_that_did_not_call_for_3_s_is_not_pushed_to()
    {
        Assert.False(TryPush("f-1", 1));
        _leases.Renew("f-1", 0);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(TryPush("f-1", 1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(TryPush("f-1", 1));
        _leases.Heard("f-1");
        Assert.True(TryPush("f-1", 1));
    }

    [Fact]
    public void A_frontend_that_has_8_MB_of_pushes_waiting_is_not_pushed_to_until_it_confirms_some()
    {
        _leases.Renew("f-1", 0);
        for (var i = 0; i < 8; i++) Assert.True(TryPush("f-1", Megabyte));
        Assert.False(TryPush("f-1", 1));

        Assert.Equal(new PushMark("silo-1", 8 * Megabyte), _leases.Renew("f-1", 0));
        Assert.False(TryPush("f-1", 1));

        _leases.Renew("f-1", Megabyte);
        Assert.True(TryPush("f-1", Megabyte));
        Assert.False(TryPush("f-1", 1));
    }

    [Fact]
    public void What_waits_for_one_frontend_holds_up_no_other()
    {
        _leases.Renew("f-1", 0);
        _leases.Renew("f-2", 0);
        Assert.True(TryPush("f-1", 8 * Megabyte));
        Assert.False(TryPush("f-1", 1));
        Assert.True(TryPush("f-2", 1));
    }

    [Fact]
    public void A_mark_from_before_a_frontend_was_gone_confirms_nothing_of_what_was_pushed_since()
    {
        _leases.Renew("f-1", 0);
        Assert.True(TryPush("f-1", 8 * Megabyte));
        var mark = _leases.Renew("f-1", 0)!.Bytes;
        _leases.Left("f-1");

        _leases.Renew("f-1", 0);
        Assert.True(TryPush("f-1", 8 * Megabyte));
        _leases.Renew("f-1", mark);

        Assert.False(TryPush("f-1", 1));
    }

    [Fact]
    public void Each_megabyte_is_marked_and_each_lease_that_has_not_confirmed_everything()
    {
        _leases.Renew("f-1", 0);
        Assert.True(_leases.TryPush("f-1", Megabyte - 1, out var mark));
        Assert.Null(mark);
        Assert.True(_leases.TryPush("f-1", 1, out mark));
        Assert.Equal(new PushMark("silo-1", Megabyte), mark);
        Assert.True(_leases.TryPush("f-1", 5, out mark));
        Assert.Null(mark);

        Assert.Equal(new PushMark("silo-1", Megabyte + 5), _leases.Renew("f-1", Megabyte));
        Assert.Null(_leases.Renew("f-1", Megabyte + 5));
    }

    private bool TryPush(string frontend, int bytes) => _leases.TryPush(frontend, bytes, out _);
}
