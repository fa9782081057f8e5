using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>
/// Two silos and three frontends that live through all faults of a class, one after the other, each with a stream of its own. What a
/// fault left dead or stopped is up again before the next one.
/// </summary>
public class FaultCluster : IAsyncLifetime
{
    private Cluster? _cluster;
    private int _runs;

    internal Cluster Cluster => _cluster ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _cluster = await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The next fault's run, on a cluster that is whole.</summary>
    internal async Task<FaultRun> BeginAsync()
    {
        await HealAsync();
        return await FaultRun.BeginAsync(Cluster, $"match{++_runs}");
    }

    private protected virtual Task<Cluster> StartAsync() => StartApartAsync();

    private protected static Task<Cluster> StartApartAsync(string[]? redis = null, string[]? settings = null, Func<RedisProcess, int, string>? storeOf = null) =>
        Cluster.StartApartAsync(2, 3, redis, [.. FaultRun.Settings, .. settings ?? []], storeOf);

    private protected virtual Task HealAsync() => Cluster.HealAsync();
}
