using System.Globalization;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Cluster;

/// <summary>
/// Silos and frontends in processes of their own, one real Redis for the log and one for the membership, and one key, so that a token
/// of one is good at all.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string Key = "a key of more than thirty-two bytes for tests";

    private readonly string _id = Interactions.Contracts.Epochs.New();
    private readonly string[] _settings;
    private readonly List<ServiceProcess> _nodes = [];
    private readonly List<ServiceProcess> _silos = [];

    private Cluster(RedisProcess redis, RedisProcess membership, string[] settings) => (Redis, Membership, _settings) = (redis, membership, settings);

    /// <summary>The log's.</summary>
    public RedisProcess Redis { get; }

    public RedisProcess Membership { get; }

    /// <summary>Where clients connect: frontends, or where there are none, processes that are both.</summary>
    public ServiceProcess[] Nodes => [.. _nodes];

    /// <summary>Processes that have streams; the same as <see cref="Nodes"/> where each process is both.</summary>
    public ServiceProcess[] Silos => [.. _silos];

    /// <summary>Processes that are silo and frontend each.</summary>
    public static async Task<Cluster> StartAsync(int nodes, string[]? redisSettings = null, string[]? settings = null, Func<RedisProcess, int, string>? storeOf = null)
    {
        var cluster = await StartRedisAsync(redisSettings, settings);
        try
        {
            cluster._nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, nodes).Select(node =>
                cluster.StartProcessAsync("All", storeOf?.Invoke(cluster.Redis, node) ?? cluster.Redis.Address))));
            cluster._silos.AddRange(cluster._nodes);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Silos, and frontends that are their clients.</summary>
    /// <param name="storeOf">Where each silo finds the log's Redis, if not directly.</param>
    public static async Task<Cluster> StartApartAsync(
        int silos, int frontends, string[]? redisSettings = null, string[]? settings = null, Func<RedisProcess, int, string>? storeOf = null)
    {
        var cluster = await StartRedisAsync(redisSettings, settings);
        try
        {
            var starting = Enumerable.Range(0, frontends).Select(_ => cluster.StartFrontendAsync()).ToArray();
            cluster._silos.AddRange(await Task.WhenAll(Enumerable.Range(0, silos).Select(silo =>
                cluster.StartProcessAsync("Silo", storeOf?.Invoke(cluster.Redis, silo) ?? cluster.Redis.Address))));
            cluster._nodes.AddRange(await Task.WhenAll(starting));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<ServiceProcess> AddSiloAsync()
    {
        var silo = await StartProcessAsync("Silo", Redis.Address);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Ends a silo that was added.</summary>
    public async Task RemoveSiloAsync(ServiceProcess silo)
    {
        _silos.Remove(silo);
        await silo.TerminateAsync();
        await silo.DisposeAsync();
    }

    /// <summary>Whatever was killed or stopped is up again when this returns, and every node is ready.</summary>
    public async Task HealAsync()
    {
        foreach (var redis in new[] { Redis, Membership })
        {
            if (redis.IsRunning) redis.Continue();
            else await redis.StartAgainAsync();
        }

        await Task.WhenAll(_silos.Concat(_nodes).Distinct().Select(static process => process.HealAsync()));
    }

    public Task<ServiceProcess> StartFrontendAsync() =>
        ServiceProcess.StartAsync(["--Cluster:Role", "Frontend", "--Cluster:Redis", Membership.Address, "--Cluster:Id", _id, "--Auth:Key", Key, .. _settings]);

    /// <summary>The arguments of another process of this cluster.</summary>
    /// <param name="store">Where it finds the log's Redis; a proxy, perhaps.</param>
    public string[] Arguments(string store, string role = "All", params string[] settings) =>
    [
        "--Cluster:Role", role, "--Cluster:Redis", Membership.Address, "--Cluster:Id", _id,
        "--Cluster:SiloPort", Port(), "--Cluster:GatewayPort", Port(),
        "--Log:Kind", "Redis", "--Log:Redis", store, "--Auth:Key", Key, .. _settings, .. settings,
    ];

    /// <summary>Starts another process that is silo and frontend.</summary>
    public Task<ServiceProcess> StartNodeAsync(string store) => ServiceProcess.StartAsync(Arguments(store));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _nodes.Concat(_silos).Distinct()) await process.DisposeAsync();
        await Redis.DisposeAsync();
        await Membership.DisposeAsync();
    }

    private static async Task<Cluster> StartRedisAsync(string[]? redisSettings, string[]? settings)
    {
        var redis = await RedisProcess.StartAsync(redisSettings ?? []);
        return new Cluster(redis, await RedisProcess.StartAsync(), settings ?? []);
    }

    private Task<ServiceProcess> StartProcessAsync(string role, string store) => ServiceProcess.StartAsync(Arguments(store, role));

    private static string Port() => ServiceProcess.FreePort().ToString(CultureInfo.InvariantCulture);
}
