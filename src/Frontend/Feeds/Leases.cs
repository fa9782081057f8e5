using Interactions.Contracts.Grains;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// Tells each silo once a second that this frontend is there, and hears from each which of its streams moved and which silos there
/// are. What the silos pushed is confirmed on the way, so a silo knows what waits for this frontend. Begins with the first silo that is known to have a stream: before that there is nothing to hold. Safe for concurrent callers.
/// </summary>
internal sealed partial class Leases : IAsyncDisposable
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// When a silo may have gone, the others are asked more often for some time: their answers tell when it is declared dead, and until
    /// then its streams are not active elsewhere.
    /// </summary>
    private static readonly TimeSpan HurryEvery = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan HurryFor = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A silo takes a frontend for gone that it has not heard of for 10 s; on the way some time is lost. After shorter gaps the heads
    /// in its answer tell which streams have stopped pushing.
    /// </summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(8);

    /// <summary>So much is confirmed at once; less by the next call.</summary>
    private const long ConfirmAfterBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SiloLease> _leases = new(StringComparer.Ordinal);
    private readonly IGrains _grains;
    private readonly FrontendId _frontend;
    private readonly Lazy<IFeedObserver> _observer;
    private readonly ILeaseUser _user;
    private readonly TimeProvider _time;
    private readonly FeedMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _version = -1;
    private IReadOnlyList<string> _active = [];
    private bool _hasBegun;
    private int _asking;
    private long? _hurriesSince;

    public Leases(IGrains grains, FrontendId frontend, Lazy<IFeedObserver> observer, ILeaseUser user, TimeProvider time, FeedMetrics metrics, ILogger logger)
    {
        (_grains, _frontend, _observer, _user, _time, _metrics, _logger) = (grains, frontend, observer, user, time, metrics, logger);
        _timer = time.CreateTimer(static leases => ((Leases)leases!).Renew(), this, RenewEvery, RenewEvery);
        grains.SilosChanged += Hurry;
    }

    /// <summary>There is such a silo.</summary>
    public void Know(string silo)
    {
        lock (_lock)
        {
            _hasBegun = true;
            _leases.TryAdd(silo, new SiloLease(silo));
        }
    }

    /// <summary>What the silo had pushed up to that mark has arrived, or is lost.</summary>
    public void Marked(PushMark mark)
    {
        SiloLease? lease;
        lock (_lock)
        {
            if (!_leases.TryGetValue(mark.Silo, out lease)) return;
            lease.Received = Math.Max(lease.Received, mark.Bytes);
        }

        if (IsMuchUnconfirmed(lease)) _ = RenewAsync(lease);
    }

    /// <summary>Says goodbye to all silos.</summary>
    public async ValueTask DisposeAsync()
    {
        _grains.SilosChanged -= Hurry;
        await _timer.DisposeAsync();
        SiloLease[] leases;
        lock (_lock) leases = [.. _leases.Values];
        await Task.WhenAll(leases.Select(LeaveAsync));
    }

    private static bool IsMuchUnconfirmed(SiloLease lease) => Volatile.Read(ref lease.Received) - Volatile.Read(ref lease.Confirmed) >= ConfirmAfterBytes;

    private void Hurry()
    {
        lock (_lock)
        {
            _hurriesSince = _time.GetTimestamp();
            _timer.Change(TimeSpan.Zero, HurryEvery);
        }
    }

    private void Renew()
    {
        SiloLease[] leases;
        lock (_lock)
        {
            if (_hurriesSince is { } since && _time.GetElapsedTime(since) >= HurryFor)
            {
                _hurriesSince = null;
                _timer.Change(RenewEvery, RenewEvery);
            }

            if (!_hasBegun) return;
            leases = [.. _leases.Values];
        }

        foreach (var lease in leases) _ = RenewAsync(lease);
        if (!leases.Any(static lease => lease is { IsAnswering: true, HeardAt: not null })) _ = AskAsync();
    }

    // Any silo knows the others; each answer says so again.
    private async Task AskAsync()
    {
        if (Interlocked.Exchange(ref _asking, 1) == 1) return;
        try
        {
            var answer = await _grains.Cluster.SilosAsync();
            Take(answer.Version, answer.Silos);
        }
        catch (Exception away)
        {
            LogNoSilo(_logger, away);
        }
        finally
        {
            Volatile.Write(ref _asking, 0);
        }
    }

    private async Task RenewAsync(SiloLease lease)
    {
        if (Interlocked.Exchange(ref lease.Calling, 1) == 1) return;
        var began = _time.GetTimestamp();
        var isAnswered = false;
        try
        {
            var request = new LeaseRequest(_frontend.Value, _observer.Value, Volatile.Read(ref lease.Received));
            var answer = await _grains.Silo(lease.Silo).RenewAsync(request).WaitAsync(AnswerWithin, _time);
            Volatile.Write(ref lease.Confirmed, request.Received);
            isAnswered = true;
            Answered(lease, began, answer);
        }
        catch (Exception failed)
        {
            Failed(lease, failed);
        }
        finally
        {
            Volatile.Write(ref lease.Calling, 0);
        }

        if (isAnswered && IsMuchUnconfirmed(lease)) _ = RenewAsync(lease);
    }

    private void Answered(SiloLease lease, long began, LeaseAnswer answer)
    {
        var wasForgotten = lease.HeardAt is { } heard && _time.GetElapsedTime(heard, began) > LongestGap;
        var wasSilent = !lease.IsAnswering && lease.HeardAt is not null; // the heads of an answer that came too late are lost
        (lease.HeardAt, lease.IsAnswering) = (began, true);
        if (wasForgotten || wasSilent) Lose(lease.Silo);
        foreach (var head in answer.Heads) _user.Hear(head);
        Take(answer.Version, answer.Silos);
    }

    private void Failed(SiloLease lease, Exception failed)
    {
        var wasAnswering = lease.IsAnswering;
        lease.IsAnswering = false;
        if (wasAnswering)
        {
            LogSilent(_logger, failed, lease.Silo);
            Lose(lease.Silo);
        }

        // A subscription named it when it was gone already.
        lock (_lock)
        {
            if (!_active.Contains(lease.Silo)) _leases.Remove(lease.Silo);
        }
    }

    private void Take(long version, IReadOnlyList<string> silos)
    {
        List<string> gone = [];
        lock (_lock)
        {
            if (version <= _version) return;
            (_version, _active) = (version, silos);
            gone.AddRange(_leases.Keys.Where(silo => !silos.Contains(silo)));
            foreach (var silo in gone) _leases.Remove(silo);
            foreach (var silo in silos) _leases.TryAdd(silo, new SiloLease(silo));
        }

        foreach (var silo in gone) Lose(silo);
    }

    private void Lose(string silo)
    {
        _metrics.LeaseLost();
        _user.Lost(silo);
    }

    private async Task LeaveAsync(SiloLease lease)
    {
        try
        {
            await _grains.Silo(lease.Silo).LeaveAsync(_frontend.Value).WaitAsync(AnswerWithin, _time);
        }
        catch (Exception away)
        {
            // Its lease ends by itself.
            LogSilent(_logger, away, lease.Silo);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "No silo answers")]
    private static partial void LogNoSilo(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} does not answer")]
    private static partial void LogSilent(ILogger logger, Exception exception, string silo);
}
