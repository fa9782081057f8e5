using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Interactions.Silo.Hosting;

/// <summary>Connects to the Redis where a cluster's silos are listed, and waits for it as long as it takes.</summary>
public static partial class MembershipRedis
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Says once that it waits.</summary>
    public static async Task<IConnectionMultiplexer> ConnectAsync(ConfigurationOptions redis, ILogger logger, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(redis);
        var options = redis.Clone();
        options.AbortOnConnectFail = true;
        for (var isSaid = false; ; isSaid = true)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                return await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(stopping);
            }
            catch (RedisConnectionException failed)
            {
                if (!isSaid) LogAway(logger, string.Join(", ", redis.EndPoints), failed.Message.ReplaceLineEndings(" "));
                await Task.Delay(LookAgain, stopping);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cluster:Redis at {Servers} does not answer; waiting for it: {Reason}")]
    private static partial void LogAway(ILogger logger, string servers, string reason);
}
