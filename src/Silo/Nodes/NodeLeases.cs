using System.Diagnostics.CodeAnalysis;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// Who is alive: each node renews one lease in <see cref="StreamIds.Nodes"/> every 3 s, and one whose lease is 10 s
/// old is gone. Ages are counted on this node's own clock from when a lease was heard, and only while this node's
/// own lease goes through: while the log is away nobody is buried.
/// </summary>
[SuppressMessage("Reliability", "CA2213", Justification = "A source without a timer holds nothing, and it is disposed of twice.")]
public sealed partial class NodeLeases : ISystemFold, IAsyncDisposable
{
    private const long GoneAfterMs = 10_000;
    private const long ForgetAfterMs = 600_000;
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _heardMs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly SystemStream _stream;
    private readonly NodeIdentity _self;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private ITimer? _looking;
    private Task _renewing = Task.CompletedTask;
    private long _renewedMs = long.MinValue / 2;
    private long _steadySinceMs = long.MaxValue;
    private bool _wasSteady;

    public NodeLeases(IStreamLog log, NodeIdentity self, TimeProvider time, ILogger<NodeLeases> logger, SiloMetrics? metrics = null)
    {
        (_self, _time, _logger) = (self, time, logger);
        _stream = new SystemStream(log, StreamIds.Nodes, this, time, logger, metrics);
    }

    /// <summary>Raised when a node was found gone, or when it can be told for the first time who is.</summary>
    public event Action? Changed;

    private long NowMs => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    public void Start()
    {
        _stream.Start();
        _renewing = RenewAsync();
        _looking = _time.CreateTimer(static leases => ((NodeLeases)leases!).Look(), this, LookEvery, LookEvery);
    }

    /// <summary>Whether a node is known not to be there any more. False when that can't be told now.</summary>
    public bool IsGone(string node)
    {
        lock (_gate) return node != _self.Id && _wasSteady && (_gone.Contains(node) || !_heardMs.ContainsKey(node));
    }

    public async ValueTask DisposeAsync()
    {
        if (_looking is not null) await _looking.DisposeAsync();
        await _closing.CancelAsync();
        await _renewing;
        await _stream.DisposeAsync();
    }

    void ISystemFold.Restart(IReadOnlyList<Batch> batches)
    {
        lock (_gate)
        {
            _heardMs.Clear();
            foreach (var batch in batches) Hear(batch);

            // The store may have lost the leases of some who live: they get the time to say it again.
            if (_steadySinceMs != long.MaxValue) _steadySinceMs = NowMs;
            _wasSteady = false;
        }
    }

    void ISystemFold.Apply(Batch batch)
    {
        lock (_gate) Hear(batch);
    }

    Batch ISystemFold.Save()
    {
        lock (_gate) return new Batch(0, [.. _heardMs.Keys.Where(node => !_gone.Contains(node)).Select(node => new NodeLease(node))]);
    }

    private void Hear(Batch batch)
    {
        foreach (var item in batch.Items)
        {
            if (item is not NodeLease lease) continue;
            _heardMs[lease.Node] = NowMs;
            _gone.Remove(lease.Node);
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            await _stream.Opened.WaitAsync(_closing.Token);
            while (true)
            {
                try
                {
                    await _stream.AppendAsync(() => [new NodeLease(_self.Id)], _closing.Token);
                    lock (_gate)
                    {
                        var now = NowMs;
                        if (now - _renewedMs > 2 * RenewEvery.TotalMilliseconds) _steadySinceMs = now;
                        _renewedMs = now;
                    }
                }
                catch (Exception failed) when (failed is LogUnavailableException or LogFullException)
                {
                    // The next one tells.
                }

                await Task.Delay(RenewEvery, _time, _closing.Token);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private void Look()
    {
        var changed = false;
        lock (_gate)
        {
            var now = NowMs;
            var steady = now - _renewedMs <= 2 * RenewEvery.TotalMilliseconds && _steadySinceMs != long.MaxValue && now - _steadySinceMs >= GoneAfterMs;
            changed = steady && !_wasSteady;
            _wasSteady = steady;
            if (!steady) return;
            foreach (var (node, heardMs) in _heardMs)
            {
                if (node == _self.Id || now - heardMs < GoneAfterMs) continue;
                if (_gone.Add(node))
                {
                    changed = true;
                    LogGone(_logger, node, (now - heardMs) / 1000);
                }
                else if (now - heardMs > ForgetAfterMs)
                {
                    _heardMs.Remove(node); // unknown is gone as well
                    _gone.Remove(node);
                }
            }
        }

        if (changed) Changed?.Invoke();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} has not been heard of for {Seconds} s and counts as gone")]
    private static partial void LogGone(ILogger logger, string node, long seconds);
}
