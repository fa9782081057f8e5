using System.Globalization;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Runtime;
using StackExchange.Redis;

namespace Interactions.Silo.Hosting;

/// <summary>
/// Keeps the list of silos as this one last saw it, and puts it back into a Redis that came back without it. Otherwise the next silo
/// to start would find nobody there and begin a second cluster beside this one.
/// </summary>
internal sealed partial class MembershipKeeper(
    IOptions<RedisClusteringOptions> redis,
    IOptions<ClusterOptions> cluster,
    MembershipConnection connection,
    IClusterMembershipService membership,
    TimeProvider time,
    ILogger<MembershipKeeper> logger) : BackgroundService
{
    private const string Version = "Version";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly string Script = Load();

    private HashEntry[] _rows = [];
    private long _version;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var database = (await connection.Made.WaitAsync(stoppingToken)).GetDatabase();
        var key = redis.Value.CreateRedisKey(cluster.Value);
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                try
                {
                    await LookAsync(database, key, stoppingToken);
                }
                catch (Exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // It is looked at again when it is back.
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task LookAsync(IDatabase database, RedisKey key, CancellationToken stopping)
    {
        var rows = await database.HashGetAllAsync(key);
        var version = rows.FirstOrDefault(row => row.Name == Version).Value;
        if (long.TryParse((string?)version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= _version)
        {
            (_rows, _version) = ([.. rows.Where(row => row.Name != Version)], number);

            // Silos that came while the list was lost know nothing of the others, nor the others of them.
            if (number > membership.CurrentSnapshot.Version.Value) await membership.Refresh(new MembershipVersion(number), stopping);
            return;
        }

        if (_rows.Length == 0) return;
        RedisValue[] arguments = [_version, .. _rows.SelectMany(row => new[] { row.Name, row.Value })];
        if ((int)await database.ScriptEvaluateAsync(Script, [key], arguments) == 1) LogRestored(logger);
    }

    private static string Load()
    {
        using var stream = typeof(MembershipKeeper).Assembly.GetManifestResourceStream("Interactions.Silo.Hosting.Membership.restore.lua")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cluster:Redis lost the list of the cluster's silos; it is put back")]
    private static partial void LogRestored(ILogger logger);
}
