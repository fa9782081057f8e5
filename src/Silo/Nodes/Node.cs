using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// A process that has streams open. Opens a stream at its first use and closes it some time after the last.
/// Safe for concurrent callers.
/// </summary>
public sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Every 2 s is often enough to close what nobody uses.</summary>
    private const int ThoroughEvery = 8;

    /// <summary>Once a second.</summary>
    private const int ReconcileEvery = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenStream> _open = new(StringComparer.Ordinal);
    private readonly IStreamLog _log;
    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<OpenStream> _logger;
    private readonly SiloMetrics? _metrics;
    private readonly ClockWatch _watch;
    private readonly ITimer _ticker;
    private readonly NodeLeases? _leases;
    private readonly Reconciling _reconciling;
    private OpenStream[]? _all;
    private int _ticks;

    public Node(
        IStreamLog log, NodeOptions options, StreamDirectory directory, DeadlineQueue deadlines, TimeProvider time, ILogger<OpenStream> logger, SiloMetrics? metrics = null, NodeLeases? leases = null)
    {
        (_log, _options, Directory, Deadlines, _time, _logger, _metrics) = (log, options, directory, deadlines, time, logger, metrics);
        Changes = new StreamChanges(this, log, options, time);
        _reconciling = new Reconciling(Directory, Changes, log.IsShared, logger);
        _watch = new ClockWatch(time, logger, metrics);
        metrics?.Observe(() => OpenStreams, LogTimeAhead);
        if (log.IsShared) _leases = leases;
        if (_leases is not null) _leases.Changed += Bury;
        _ticker = time.CreateTimer(_ => Tick(), null, TickEvery, TickEvery);
    }

    public StreamDirectory Directory { get; }

    /// <summary>What changes streams.</summary>
    public StreamChanges Changes { get; }

    /// <summary>Begins to follow the directory and to say that this node is there; goes on trying while the log is away.</summary>
    /// <returns>Completes when the directory was read and, where this is the only node, what its last life left half done is finished.</returns>
    public async Task StartAsync()
    {
        _leases?.Start();
        await Directory.OpenAsync();
        if (!_log.IsShared) await _reconciling.FinishAsync(TimeSpan.Zero);
    }

    public DeadlineQueue Deadlines { get; }

    public int OpenStreams
    {
        get
        {
            lock (_lock) return _open.Count;
        }
    }

    /// <summary>The stream, opened and folded to the head; null if the directory does not list it.</summary>
    public async Task<OpenStream?> OpenAsync(string id, CancellationToken cancellationToken = default)
    {
        var row = Directory.Find(id);
        if (row is null) return null;
        var stream = await OpenAsync(row, cancellationToken);
        return Changes.IsWhole(row, stream) ? stream : await Changes.HealAsync(row);
    }

    /// <summary>Stops every stream after what it holds is appended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ticker.DisposeAsync();
        await _reconciling.DisposeAsync();
        OpenStream[] streams;
        lock (_lock)
        {
            streams = [.. _open.Values];
            _open.Clear();
        }

        foreach (var stream in streams) await stream.CloseAsync(saveSnapshot: true);
        if (_leases is not null) await _leases.DisposeAsync();
        await Directory.DisposeAsync();
        Deadlines.Dispose();
    }

    /// <summary>A listed stream, opened and folded to the head; its log may be empty.</summary>
    internal async Task<OpenStream> OpenAsync(DirectoryRow row, CancellationToken cancellationToken)
    {
        OpenStream? stream;
        var mine = false;
        lock (_lock)
        {
            if (!_open.TryGetValue(row.Id, out stream) || stream.IsClosed)
            {
                stream = _open[row.Id] = new OpenStream(row.Id, _log, _options, _leases, Deadlines, _time, _logger, _metrics, _watch);
                _all = null;
                mine = true;
            }

            stream.Touch();
        }

        if (mine) stream.Start();
        await stream.OpenedAsync(cancellationToken);
        return stream;
    }

    /// <summary>Closes a stream that is being deleted.</summary>
    internal async Task CloseAsync(string id)
    {
        OpenStream? open;
        lock (_lock)
        {
            _open.Remove(id, out open);
            _all = null;
        }

        if (open is not null) await open.CloseAsync(saveSnapshot: false);
    }

    private bool IsGone(string node) => _leases?.IsGone(node) == true;

    private void Bury()
    {
        OpenStream[] streams;
        lock (_lock) streams = [.. _open.Values];
        foreach (var stream in streams) stream.Bury(IsGone);
    }

    private TimeSpan LogTimeAhead()
    {
        OpenStream[] streams;
        lock (_lock) streams = [.. _open.Values];
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return streams.Select(stream => stream.LogTimeAhead(nowMs)).DefaultIfEmpty().Max();
    }

    private void Tick()
    {
        _watch.Look();
        OpenStream[] streams;
        lock (_lock) streams = _all ??= [.. _open.Values];
        var now = Deadlines.NowMs;
        var thorough = _ticks++ % ThoroughEvery == 0;
        if (_ticks % ReconcileEvery == 0) _reconciling.Begin();
        foreach (var stream in streams)
        {
            if (thorough) _reconciling.Compare(stream);
            if (!stream.IsClosed && !stream.Tick(now, thorough)) continue;
            lock (_lock)
            {
                if (!_open.TryGetValue(stream.Id, out var current) || current != stream || (!stream.IsClosed && !stream.Tick(now, thorough: true))) continue;
                _open.Remove(stream.Id);
                _all = null;
            }

            _ = stream.CloseAsync(saveSnapshot: !stream.IsClosed);
        }
    }
}
