using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Interactions.Silo.Hosting;

/// <summary>Says in the log which silos join the cluster, leave it, or are taken for dead.</summary>
internal sealed partial class ClusterNews(IClusterMembershipService membership, ILocalSiloDetails local, ILogger<ClusterNews> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Dictionary<SiloAddress, SiloStatus> known = [];
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                foreach (var (silo, member) in snapshot.Members)
                {
                    var before = known.GetValueOrDefault(silo);
                    known[silo] = member.Status;
                    if (before != member.Status && !silo.Equals(local.SiloAddress)) Say(ClusterView.NameOf(silo), before, member.Status);
                }

                foreach (var gone in known.Keys.Except(snapshot.Members.Keys).ToArray()) known.Remove(gone);
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    // What was dead before this silo came is no news.
    private void Say(string silo, SiloStatus before, SiloStatus now)
    {
        if (now == SiloStatus.Active) LogJoined(logger, silo);
        else if (now.IsTerminating() && before == SiloStatus.Active && now != SiloStatus.Dead) LogLeaves(logger, silo);
        else if (now == SiloStatus.Dead && before == SiloStatus.Active) LogDead(logger, silo);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} is in the cluster")]
    private static partial void LogJoined(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} leaves the cluster")]
    private static partial void LogLeaves(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Silo} did not answer and is taken for dead: its streams move to others")]
    private static partial void LogDead(ILogger logger, string silo);
}
