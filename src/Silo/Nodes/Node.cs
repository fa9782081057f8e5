using System.Security.Cryptography;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
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

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenStream> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deleting = new(StringComparer.Ordinal);
    private readonly IStreamLog _log;
    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<OpenStream> _logger;
    private readonly SiloMetrics? _metrics;
    private readonly ITimer _ticker;
    private readonly NodeLeases? _leases;
    private OpenStream[]? _all;
    private int _ticks;

    public Node(
        IStreamLog log, NodeOptions options, StreamDirectory directory, DeadlineQueue deadlines, TimeProvider time, ILogger<OpenStream> logger, SiloMetrics? metrics = null, NodeLeases? leases = null)
    {
        (_log, _options, Directory, Deadlines, _time, _logger, _metrics) = (log, options, directory, deadlines, time, logger, metrics);
        metrics?.Observe(() => OpenStreams, LogTimeAhead);
        if (log.IsShared) _leases = leases;
        if (_leases is not null) _leases.Changed += Bury;
        _ticker = time.CreateTimer(_ => Tick(), null, TickEvery, TickEvery);
    }

    public StreamDirectory Directory { get; }

    /// <summary>Begins to follow the directory and to say that this node is there; goes on trying while the log is away.</summary>
    /// <returns>Completes when the directory was read.</returns>
    public Task StartAsync()
    {
        _leases?.Start();
        return Directory.OpenAsync();
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
        return row is null ? null : await OpenAsync(row, heal: true, cancellationToken);
    }

    /// <summary>Enters a stream into the directory, unless it is there: the first one to do so owns it.</summary>
    /// <returns>The row that stands, and whether it is this call's.</returns>
    public async Task<(DirectoryRow Row, bool Created)> ListAsync(string id, string owner, string title, CancellationToken cancellationToken)
    {
        if (Directory.Find(id) is { } known) return (known, false);
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        var row = await Directory.ListAsync(
            new(id, owner, title, StreamStatus.Created, seed, _time.GetUtcNow().ToUnixTimeMilliseconds(), _log.Place(id)), cancellationToken);
        return (row, row.Seed == seed);
    }

    /// <summary>Changes a listed stream's settings; the directory follows.</summary>
    public async Task<OpenStream> ConfigureAsync(DirectoryRow row, SettingsPatch patch, CancellationToken cancellationToken)
    {
        var stream = await OpenAsync(row, heal: false, cancellationToken);
        if (patch != new SettingsPatch() || !stream.Read((state, _) => state.Exists))
        {
            await stream.SubmitAsync(new Configured(row.Owner, row.Seed, patch));
        }

        await MirrorAsync(stream, cancellationToken);
        return stream;
    }

    /// <summary>Starts or ends a stream; the directory follows.</summary>
    public async Task SetStatusAsync(OpenStream stream, StreamStatus status, CancellationToken cancellationToken)
    {
        await stream.SubmitAsync(new StatusSet(status));
        await MirrorAsync(stream, cancellationToken);
    }

    /// <summary>Erases a stream: its log, its snapshots, its row.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        OpenStream? open;
        lock (_lock)
        {
            if (!_deleting.Add(id)) return;
            _open.Remove(id, out open);
            _all = null;
        }

        try
        {
            if (open is not null) await open.CloseAsync(saveSnapshot: false);
            await _log.DeleteAsync(id, cancellationToken);
            await Directory.UnlistAsync(id, cancellationToken);
        }
        finally
        {
            lock (_lock) _deleting.Remove(id);
        }
    }

    /// <summary>Stops every stream after what it holds is appended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ticker.DisposeAsync();
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

    private async Task<OpenStream> OpenAsync(DirectoryRow row, bool heal, CancellationToken cancellationToken)
    {
        OpenStream? stream;
        var mine = false;
        lock (_lock)
        {
            if (_deleting.Contains(row.Id)) throw new LogUnavailableException("The stream is being deleted.");
            if (!_open.TryGetValue(row.Id, out stream) || stream.IsClosed)
            {
                stream = _open[row.Id] = new OpenStream(row.Id, _log, _options, _leases, Deadlines, _time, _logger, _metrics);
                _all = null;
                mine = true;
            }

            stream.Touch();
        }

        if (mine) stream.Start();
        await stream.OpenedAsync(cancellationToken);

        // A crash between the directory's row and the stream's first entry leaves an empty log: heal it.
        if (heal && !stream.Read((state, _) => state.Exists))
        {
            await stream.SubmitAsync(new Configured(row.Owner, row.Seed, new SettingsPatch(Title: row.Title)));
        }

        if (mine && heal) await MirrorAsync(stream, cancellationToken);
        return stream;
    }

    private async Task MirrorAsync(OpenStream stream, CancellationToken cancellationToken)
    {
        if (Directory.Find(stream.Id) is not { } row) return;
        var now = stream.Read((state, _) => row with { Title = state.Settings.Title, Status = state.Status });
        if (now != row) await Directory.ListAsync(now, cancellationToken);
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
        OpenStream[] streams;
        lock (_lock) streams = _all ??= [.. _open.Values];
        var now = Deadlines.NowMs;
        var thorough = _ticks++ % ThoroughEvery == 0;
        foreach (var stream in streams)
        {
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
