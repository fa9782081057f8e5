using Microsoft.Extensions.Logging;
using Orleans.Clustering.Redis;
using StackExchange.Redis;

namespace Interactions.Silo.Hosting;

/// <summary>Connects to the Redis where a cluster's silos are listed, and waits for it as long as it takes.</summary>
public static partial class MembershipRedis
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Makes Orleans' list of silos use that Redis.</summary>
    /// <param name="network">With Redis.</param>
    /// <param name="stopping">Ends the waiting.</param>
    /// <param name="connected">Told of the connection.</param>
    public static void Configure(
        RedisClusteringOptions options, ClusterNetwork network, ILoggerFactory loggers, CancellationToken stopping, Action<IConnectionMultiplexer>? connected = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        var redis = network.Redis ?? throw new ArgumentException("It has no Redis.", nameof(network));
        options.ConfigurationOptions = redis;
        options.CreateMultiplexer = async _ =>
        {
            var connection = await ConnectAsync(redis, loggers.CreateLogger(typeof(MembershipRedis)), stopping);
            connected?.Invoke(connection);
            return (connection, false);
        };
    }

    private static async Task<IConnectionMultiplexer> ConnectAsync(ConfigurationOptions redis, ILogger logger, CancellationToken stopping)
    {
        var options = redis.Clone();
        options.AbortOnConnectFail = true;
        for (var isSaid = false; ; isSaid = true) // once is enough
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
