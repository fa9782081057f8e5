using System.Net;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class ConnectionCapsTests
{
    [Fact]
    public void An_address_has_as_many_connections_as_its_cap_and_one_more_when_one_ends()
    {
        var caps = new ConnectionCaps(new LimitOptions(ConnectionsPerAddress: 2));
        var one = Take(caps, "192.0.2.1")!;
        Take(caps, "192.0.2.1");
        Refused(caps, "192.0.2.1");
        Take(caps, "192.0.2.2");
        one.Dispose();
        one.Dispose();
        Take(caps, "192.0.2.1");
        Refused(caps, "192.0.2.1");
    }

    [Fact]
    public void IPv6_addresses_of_one_64_count_together_and_mapped_IPv4_as_itself()
    {
        var caps = new ConnectionCaps(new LimitOptions(ConnectionsPerAddress: 1));
        Take(caps, "2001:db8:1:2::1");
        Refused(caps, "2001:db8:1:2:ffff::9");
        Take(caps, "2001:db8:1:3::1");
        Take(caps, "192.0.2.1");
        Refused(caps, "::ffff:192.0.2.1");
        Take(caps, "::ffff:192.0.2.2");
    }

    [Fact]
    public void A_user_is_counted_over_all_addresses_and_a_refusal_counts_nowhere()
    {
        var caps = new ConnectionCaps(new LimitOptions(ConnectionsPerAddress: 1, ConnectionsPerUser: 1));
        var ada = Take(caps, "192.0.2.1", "ada")!;
        Refused(caps, "192.0.2.2", "ada");
        Take(caps, "192.0.2.2", "bob");
        ada.Dispose();
        Take(caps, "192.0.2.1", "ada");
    }

    [Fact]
    public void Without_caps_nothing_is_kept() => Assert.Null(Take(new ConnectionCaps(new LimitOptions()), "192.0.2.1", "ada"));

    [Fact]
    public void Returned_permits_leave_the_count_as_it_was()
    {
        var caps = new ConnectionCaps(new LimitOptions(ConnectionsPerAddress: 100, ConnectionsPerUser: 100));
        Parallel.For(0, 10_000, i => Take(caps, "192.0.2.1", "ada")!.Dispose());
        for (var i = 0; i < 100; i++) Take(caps, "192.0.2.1", "ada");
        Refused(caps, "192.0.2.1");
    }

    private static ConnectionPermit? Take(ConnectionCaps caps, string address, string? user = null)
    {
        Assert.True(caps.TryTake(IPAddress.Parse(address), user, out var permit, out var problem), problem);
        return permit;
    }

    private static void Refused(ConnectionCaps caps, string address, string? user = null)
    {
        Assert.False(caps.TryTake(IPAddress.Parse(address), user, out var permit, out var problem));
        Assert.Null(permit);
        Assert.NotEmpty(problem);
    }
}
