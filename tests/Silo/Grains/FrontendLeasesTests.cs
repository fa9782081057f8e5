using Interactions.Silo.Grains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Interactions.Tests.Silo.Grains;

public sealed class FrontendLeasesTests : IDisposable
{
    private const int Megabyte = 1 << 20;

    private readonly FakeTimeProvider _time = new();
    private readonly FrontendLeases _leases;

    public FrontendLeasesTests() => _leases = new FrontendLeases(_time);

    public void Dispose() => _leases.Dispose();

    [Fact]
    public void A_frontend_that_did_not_call_for_3_s_is_not_pushed_to()
    {
        Assert.False(_leases.TryPush("f-1", 1));
        _leases.Renew("f-1", 0);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(_leases.TryPush("f-1", 1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_leases.TryPush("f-1", 1));
        _leases.Heard("f-1");
        Assert.True(_leases.TryPush("f-1", 1));
    }

    [Fact]
    public void A_frontend_that_has_8_MB_of_pushes_waiting_is_not_pushed_to_until_it_confirms_some()
    {
        _leases.Renew("f-1", 0);
        for (var i = 0; i < 8; i++) Assert.True(_leases.TryPush("f-1", Megabyte));
        Assert.False(_leases.TryPush("f-1", 1));

        Assert.Equal(8 * Megabyte, _leases.Renew("f-1", 0));
        Assert.False(_leases.TryPush("f-1", 1));

        _leases.Renew("f-1", Megabyte);
        Assert.True(_leases.TryPush("f-1", Megabyte));
        Assert.False(_leases.TryPush("f-1", 1));
    }

    [Fact]
    public void What_waits_for_one_frontend_holds_up_no_other()
    {
        _leases.Renew("f-1", 0);
        _leases.Renew("f-2", 0);
        Assert.True(_leases.TryPush("f-1", 8 * Megabyte));
        Assert.False(_leases.TryPush("f-1", 1));
        Assert.True(_leases.TryPush("f-2", 1));
    }

    [Fact]
    public void A_mark_from_before_a_frontend_was_gone_confirms_nothing_of_what_was_pushed_since()
    {
        _leases.Renew("f-1", 0);
        Assert.True(_leases.TryPush("f-1", 8 * Megabyte));
        var mark = _leases.Renew("f-1", 0);
        _leases.Left("f-1");

        _leases.Renew("f-1", 0);
        Assert.True(_leases.TryPush("f-1", 8 * Megabyte));
        _leases.Renew("f-1", mark);

        Assert.False(_leases.TryPush("f-1", 1));
    }
}
