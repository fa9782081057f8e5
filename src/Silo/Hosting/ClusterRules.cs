using System.Collections.Immutable;
using Interactions.Contracts.Grains;
using Interactions.Silo.Grains;
using Interactions.Silo.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Interactions.Silo.Hosting;

/// <summary>
/// Which rules every silo of the cluster knows: each asks each other once. A silo that is in the list and has not answered counts as
/// one that knows the first only, so a silo of an earlier version is heeded as soon as it is listed. Safe for any thread.
/// </summary>
internal sealed partial class ClusterRules(
    StreamOptions options, IClusterMembershipService membership, ILocalSiloDetails local, IGrainFactory grains, TimeProvider time, ILogger<ClusterRules> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private ImmutableDictionary<SiloAddress, byte> _newest = ImmutableDictionary<SiloAddress, byte>.Empty.Add(local.SiloAddress, options.Rules.Newest);
    private Shared? _last;

    /// <summary>The newest rules that all silos know; not older than this one knows.</summary>
    public byte Version
    {
        get
        {
            var (snapshot, newest, last) = (membership.CurrentSnapshot, _newest, _last);
            if (last is null || last.Membership != snapshot.Version || last.Newest != newest) _last = last = new(snapshot.Version, newest, SharedOf(snapshot));
            return last.Version;
        }
    }

    /// <summary>A silo that knows these rules; null: none is known to.</summary>
    public SiloAddress? SiloThatKnows(byte rules)
    {
        var snapshot = membership.CurrentSnapshot;
        SiloAddress[] all = [.. _newest.Where(one => one.Value >= rules && snapshot.GetSiloStatus(one.Key) == SiloStatus.Active).Select(one => one.Key)];
        return all.Length > 0 ? all[Random.Shared.Next(all.Length)] : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.IsAlone) return;
        var said = Version;
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            do
            {
                var snapshot = membership.CurrentSnapshot;
                _newest = _newest.RemoveRange(_newest.Keys.Where(silo => !snapshot.Members.ContainsKey(silo) && !silo.Equals(local.SiloAddress)));
                foreach (var silo in snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active && !_newest.ContainsKey(member.SiloAddress)))
                    await AskAsync(silo.SiloAddress, stoppingToken);
                if (Version is var version && version != said) LogShared(logger, said = version);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private byte SharedOf(ClusterMembershipSnapshot snapshot)
    {
        var shared = options.Rules.Newest;
        foreach (var member in snapshot.Members.Values)
        {
            if (member.Status != SiloStatus.Dead) shared = Math.Min(shared, _newest.GetValueOrDefault(member.SiloAddress, RuleBook.First));
        }

        return Math.Max(shared, options.Rules.Oldest);
    }

    private async Task AskAsync(SiloAddress silo, CancellationToken stopping)
    {
        try
        {
            _newest = _newest.SetItem(silo, await grains.GetGrain<ISiloGrain>(ClusterView.NameOf(silo)).RulesAsync().WaitAsync(stopping));
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            // It is asked again in a second.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The newest rules that every silo of the cluster knows are {Rules}")]
    private static partial void LogShared(ILogger logger, byte rules);

    private sealed record Shared(MembershipVersion Membership, ImmutableDictionary<SiloAddress, byte> Newest, byte Version);
}
