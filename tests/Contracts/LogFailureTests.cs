using Interactions.Contracts.Log;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Xunit;

namespace Interactions.Tests.Contracts;

public sealed class LogFailureTests
{
    [Fact]
    public void What_the_log_fails_with_is_the_same_failure_in_another_process()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        foreach (var failure in (Exception[])[new LogUnavailableException("away"), new LogFullException("full"), new LogDamagedException("damaged")])
        {
            var arrived = serializer.Deserialize<Exception>(serializer.SerializeToArray(failure));
            Assert.Equal((failure.GetType(), failure.Message), (arrived!.GetType(), arrived.Message));
        }
    }
}
