using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Cluster;

/// <summary>Several nodes on one real Redis, with one key, so that a token of one is good at all.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string Key = "a key of more than thirty-two bytes for tests";

    private Cluster(RedisProcess redis, ServiceProcess[] nodes) => (Redis, Nodes) = (redis, nodes);

    public RedisProcess Redis { get; }

    public ServiceProcess[] Nodes { get; }

    /// <param name="storeOf">Where each node finds its Redis, if not directly.</param>
    public static async Task<Cluster> StartAsync(int nodes, string[]? redisSettings = null, string[]? settings = null, Func<RedisProcess, int, string>? storeOf = null)
    {
        var redis = await RedisProcess.StartAsync(redisSettings ?? []);
        try
        {
            var started = await Task.WhenAll(Enumerable.Range(0, nodes).Select(node => StartNodeAsync(storeOf?.Invoke(redis, node) ?? redis.Address, settings)));
            return new(redis, started);
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <param name="store">Where the node finds its Redis; a proxy, perhaps.</param>
    public static Task<ServiceProcess> StartNodeAsync(string store, string[]? settings = null) =>
        ServiceProcess.StartAsync(Arguments(store, settings));

    public static string[] Arguments(string store, string[]? settings = null) => ["--Log:Kind", "Redis", "--Log:Redis", store, "--Auth:Key", Key, .. settings ?? []];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
