using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Interactions.Contracts.Grains;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Interactions.Silo.Hosting;

/// <summary>
/// Has a silo declared dead as soon as its process is gone: a connection with it ended, and its port refuses another. A process that
/// hangs, or is short of processor time, still has its port, so only missed probes tell of it. Where there are more than two silos,
/// another one has to find the same: a firewall may refuse what is between two of them. Safe for any thread.
/// </summary>
internal sealed partial class DeathWatch(
    IClusterMembershipService membership, ILocalSiloDetails local, IGrainFactory grains, TimeProvider time, ILogger<DeathWatch> logger)
{
    /// <summary>Refused so often in a row. A process that was started again at once listens by then, and Orleans finds it by itself.</summary>
    private const int Tries = 3;

    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(50);

    /// <summary>On the way to a machine that is gone nobody refuses.</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    /// <summary>What ends sooner was another silo's look at this one.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SiloAddress, bool> _suspects = new();

    /// <summary>Watches connections with other silos. Two silos use the one that either made.</summary>
    public static void Watch(IConnectionBuilder connections)
    {
        var services = connections.ApplicationServices;
        connections.Use(next => connection => services.GetRequiredService<DeathWatch>().WatchAsync(connection, next));
    }

    /// <summary>Whether nobody listens where that silo is to be, as this one sees it.</summary>
    public async Task<bool> IsGoneAsync(SiloAddress silo)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            if (tries > 0) await Task.Delay(Apart, time);
            if (!await IsRefusedAsync(silo.Endpoint)) return false;
        }

        return true;
    }

    private async Task WatchAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var began = time.GetTimestamp();
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address.MapToIPv6();
        try
        {
            await next(connection);
        }
        finally
        {
            // Which silo was at the other end is not known where that one made the connection, only on which machine.
            if (time.GetElapsedTime(began) >= ShortestLife)
            {
                foreach (var silo in Active().Where(silo => silo.Endpoint.Address.MapToIPv6().Equals(address))) _ = SuspectAsync(silo);
            }
        }
    }

    private async Task SuspectAsync(SiloAddress silo)
    {
        if (!_suspects.TryAdd(silo, true)) return;
        var name = ClusterView.NameOf(silo);
        try
        {
            // One that leaves by itself says so.
            if (!await IsGoneAsync(silo) || !Active().Contains(silo) || !await DoesAnotherAgreeAsync(silo)) return;
            LogGone(logger, name);
            await membership.TryKill(silo);
        }
        catch (Exception failed)
        {
            LogNotTold(logger, failed, name);
        }
        finally
        {
            _suspects.TryRemove(silo, out _);
        }
    }

    private IEnumerable<SiloAddress> Active() => membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(local.SiloAddress)).Select(static member => member.SiloAddress);

    private async Task<bool> DoesAnotherAgreeAsync(SiloAddress silo)
    {
        var others = Active().Where(other => !other.Equals(silo)).ToArray();
        if (others.Length == 0) return true;
        var asked = others[Random.Shared.Next(others.Length)];
        return await grains.GetGrain<ISiloGrain>(ClusterView.NameOf(asked)).IsGoneAsync(ClusterView.NameOf(silo)).WaitAsync(AnswerWithin, time);
    }

    private async Task<bool> IsRefusedAsync(IPEndPoint endpoint)
    {
        using var late = new CancellationTokenSource(ConnectWithin, time);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, late.Token);
            return false;
        }
        catch (SocketException failed)
        {
            return failed.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The process of silo {Silo} is gone: its port refuses connections")]
    private static partial void LogGone(ILogger logger, string silo);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Whether silo {Silo} is gone could not be told")]
    private static partial void LogNotTold(ILogger logger, Exception exception, string silo);
}
