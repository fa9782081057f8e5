using System.Globalization;
using System.Net.Sockets;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios.Failover;

/// <summary>
/// A cluster on this machine, each part a process: a Redis for the log, which syncs every write, one for the list of silos, silos and
/// frontends. Disposing ends all of it.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const string Key = "a key of more than thirty-two bytes for load tests";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly List<LocalProcess> _redis = [];
    private readonly List<(LocalProcess Process, Uri Address)> _silos = [];
    private readonly List<(LocalProcess Process, Uri Address)> _frontends = [];
    private readonly string _folder;
    private readonly string _data = Directory.CreateTempSubdirectory("interactions-failover-").FullName;

    private LocalCluster(string? folder) => _folder = folder is null ? _data : Directory.CreateDirectory(folder).FullName;

    public int SiloCount => _silos.Count;

    /// <param name="folder">Where the processes' output goes; null = it is not kept.</param>
    public static async Task<LocalCluster> StartAsync(int silos, int frontends, string? folder, CancellationToken cancellationToken)
    {
        var cluster = new LocalCluster(folder);
        try
        {
            await cluster.StartAllAsync(silos, frontends, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of each frontend.</summary>
    public ServiceClient[] Connect(TimeProvider time) => [.. _frontends.Select(frontend => new ServiceClient(frontend.Address, new SelfSignedTokens(Key, time)))];

    public Task KillSiloAsync(int silo) => _silos[silo].Process.KillAsync();

    public Task StopSiloAsync(int silo) => _silos[silo].Process.StopAsync();

    public async Task RestartSiloAsync(int silo, CancellationToken cancellationToken)
    {
        _silos[silo].Process.Start();
        await ReadyAsync(_silos[silo], cancellationToken);
    }

    /// <summary>How many streams each silo has.</summary>
    public Task<long[]> StreamsAsync(CancellationToken cancellationToken) => Task.WhenAll(_silos.Select(async silo =>
    {
        const string Metric = "interactions_streams_active ";
        var metrics = await _http.GetStringAsync(new Uri(silo.Address, "/metrics"), cancellationToken);
        var line = metrics.Split('\n').FirstOrDefault(static line => line.StartsWith(Metric, StringComparison.Ordinal)) ?? Metric + "0";
        return (long)double.Parse(line[Metric.Length..].Split(' ')[0], CultureInfo.InvariantCulture);
    }));

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, _) in _frontends.Concat(_silos)) await process.DisposeAsync();
        foreach (var redis in _redis) await redis.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private async Task StartAllAsync(int silos, int frontends, CancellationToken cancellationToken)
    {
        var service = Repository.PathOf("src/Frontend/bin/Release/net10.0/Interactions.Frontend.dll");
        if (!File.Exists(service)) throw new InvalidOperationException($"The service is not built: {service}");
        var log = await StartRedisAsync("redis-log", cancellationToken, "--appendonly", "yes", "--appendfsync", "always");
        var membership = await StartRedisAsync("redis-membership", cancellationToken);
        string[] shared =
        [
            "--Auth:Key", Key, "--Cluster:Redis", membership, "--Cluster:Id", "failover", "--Logging:Console:FormatterName", "json", "--Logging:LogLevel:Default", _folder == _data ? "Warning" : "Debug",
            "--Limits:InteractionsPerSecondPerUser", "1000000", "--Limits:StreamsPerMinutePerUser", "1000000", "--Limits:StreamsPerUser", "1000000", "--Limits:DrainSeconds", "0",
        ];
        for (var i = 0; i < silos; i++)
        {
            _silos.Add(StartService($"silo-{i}", service,
            [
                "--Cluster:Role", "Silo", "--Log:Kind", "Redis", "--Log:Redis", log,
                "--Cluster:SiloPort", Text(LocalProcess.FreePort()), "--Cluster:GatewayPort", Text(LocalProcess.FreePort()), .. shared,
            ]));
        }

        foreach (var silo in _silos) await ReadyAsync(silo, cancellationToken);
        for (var i = 0; i < frontends; i++) _frontends.Add(StartService($"frontend-{i}", service, ["--Cluster:Role", "Frontend", .. shared]));
        foreach (var frontend in _frontends) await ReadyAsync(frontend, cancellationToken);
    }

    private (LocalProcess Process, Uri Address) StartService(string name, string service, string[] settings)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LocalProcess.FreePort()}");
        var process = new LocalProcess(name, "dotnet", [service, "--Urls", address, .. settings], _folder);
        process.Start();
        return (process, new Uri(address));
    }

    private async Task<string> StartRedisAsync(string name, CancellationToken cancellationToken, params string[] settings)
    {
        var port = LocalProcess.FreePort();
        var data = Directory.CreateDirectory(Path.Combine(_data, name)).FullName;
        var redis = new LocalProcess(name, "redis-server", ["--port", Text(port), "--bind", "127.0.0.1", "--dir", data, "--save", "", .. settings], _folder);
        _redis.Add(redis);
        redis.Start();
        await redis.UntilAsync(cancel => TakesConnectionsAsync(port, cancel), cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    private Task ReadyAsync((LocalProcess Process, Uri Address) node, CancellationToken cancellationToken) => node.Process.UntilAsync(
        async cancel =>
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri(node.Address, "/readyz"), cancel);
                return answer.IsSuccessStatusCode;
            }
            catch (Exception away) when (away is HttpRequestException || (away is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                return false;
            }
        },
        cancellationToken);

    private static async Task<bool> TakesConnectionsAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
