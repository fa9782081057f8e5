using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Redis;
using Interactions.Tests.Specification;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

public sealed class RedisLogTests(RedisServerFixture fixture) : StreamLogSpecification, IClassFixture<RedisServerFixture>
{
    protected override ValueTask<IStreamLog> OpenAsync(TimeProvider time) =>
        new(RedisLog.Open(new RedisLogOptions(fixture.Redis.Address) { UseOwnClock = true, AnswerWithin = TimeSpan.FromSeconds(20) }, time, NullLogger<RedisLog>.Instance));
}
