using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Frontend.Api;
using Interactions.Frontend.Feeds;
using Orleans.Runtime;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class FailureTests
{
    public static TheoryData<Exception, Code, bool> Failures => new()
    {
        { new LogUnavailableException("The log did not answer."), Code.Unavailable, true },
        { new LogFullException("The disk is full."), Code.Full, true },
        { new LogDamagedException("/data/log/000004.sst is damaged"), Code.Damaged, false },
        { new StreamGoneException("match-7"), Code.NotFound, false },
        { new TimeoutException("Response did not arrive on time from S10.0.0.7:11111"), Code.Unavailable, false },
        { new SiloUnavailableException("S10.0.0.7:11111 is gone"), Code.Unavailable, false },
        { new InvalidOperationException("a bug"), Code.Internal, false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_below_has_one_code_and_tells_clients_nothing_of_the_inside(Exception failed, Code code, bool isTold)
    {
        Assert.Equal(code, Failure.CodeOf(failed));
        Assert.Equal(isTold, Failure.DetailOf(failed) == failed.Message);
    }
}
