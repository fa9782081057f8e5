using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;
using Interactions.Silo.Streams;

namespace Interactions.Silo.Grains;

/// <summary>How an activation gets its fold, and keeps snapshots of it.</summary>
internal sealed partial class LiveStream
{
    private const int ReadPage = 1000;

    /// <summary>A tail of so many bytes is folded in some 20 ms.</summary>
    private const long SnapshotAfterBytes = 1 << 20;

    private const int SnapshotAfterEntries = 10_000;

    private const long FoldFromBeginning = 100_000;

    /// <summary>A subscriber that lacks everything waits for the ring's older reach no longer than this.</summary>
    private static readonly TimeSpan ReachWithin = TimeSpan.FromSeconds(1);

    /// <summary>Below this, an activation that leaves stores no snapshot.</summary>
    private const int WorthASnapshot = 100;

    private long _tailBytes;
    private int _tailEntries;
    private long _snapshotBytes;
    private Task _saving = Task.CompletedTask;
    private Task _reaching = Task.CompletedTask;

    /// <summary>Folds the newest snapshot and the entries behind it. It serves from then on; the older reach of the ring is read beside.</summary>
    /// <exception cref="LogUnavailableException">The log did not answer.</exception>
    /// <exception cref="LogDamagedException">What is stored is not what was written.</exception>
    /// <exception cref="LaterRulesException">It was decided by rules that are not known here.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        LogSnapshot? stored = null;
        var watch = _time.GetTimestamp();
        await _appender.LoadAsync(
            newest =>
            {
                stored = newest;
                if (newest is not null) _state = StreamState.Load(newest.State, _options.Rules);
                _ring.Clear(_state.Position);
            },
            entry =>
            {
                _ring.Add(_state.Apply(entry, BodyOf(entry)).Shown);
                Count(entry);
            },
            cancellationToken);
        _snapshotBytes = stored?.State.Length ?? 0;
        Volatile.Write(ref _lastAtMs, _state.AtMs);
        Volatile.Write(ref _movedMs, NowMs);
        _clock.Start(_state.AtMs, ClockMs);
        _watch.Compare(Id, _state.AtMs, ClockMs);
        _metrics.Activated(_time.GetElapsedTime(watch));
        foreach (var frontend in _state.Frontends)
        {
            if (_options.IsAlone && !_leases.IsKnown(frontend)) _ = AddOwn(new FrontendGone(frontend));
            else Watch(frontend);
        }

        if (stored is not null) _reaching = ReachBackAsync(stored);
    }

    /// <summary>Stores what is folded, if it is worth it, before the activation ends.</summary>
    public async Task SaveAsync()
    {
        await _saving;
        if (_tailEntries >= WorthASnapshot || _tailBytes > SnapshotAfterBytes / 16) await SaveSnapshotAsync();
    }

    // Viewers who were here before this activation catch up over what the ring reaches.
    private async Task ReachBackAsync(LogSnapshot newest)
    {
        try
        {
            var fromMs = newest.AtMs - (long)_options.Resume.TotalMilliseconds;
            if (LogTimeMs - newest.AtMs >= _options.Resume.TotalMilliseconds) return;
            var older = await _log.GetSnapshotAsync(Id, fromMs);
            if (older is not null && older.AtMs > fromMs)
            {
                // A young stream has none from then: it is folded from its beginning, while that is there and not far.
                if (newest.Position.Offset > FoldFromBeginning) return;
                older = null;
            }

            var state = older is null ? new StreamState(Id, _options.Region, _options.Rules) : StreamState.Load(older.State, _options.Rules);
            List<EntryEffects> reach = [];
            while (state.Position.Offset < newest.Position.Offset)
            {
                var page = await _log.ReadAsync(Id, state.Position, ReadPage);
                if (page.Status != ReadStatus.Ok || page.Entries.Count == 0) return;
                foreach (var entry in page.Entries.Where(entry => entry.Position.Offset <= newest.Position.Offset))
                {
                    var shown = state.Apply(entry, BodyOf(entry)).Shown;
                    if (shown.AtMs >= fromMs) reach.Add(shown);
                }
            }

            if (_end == Code.Accepted) _ring.Prepend(reach);
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogDamagedException or InvalidDataException)
        {
            // Those who come back get a snapshot instead.
        }
    }

    private EntryBody BodyOf(Entry entry)
    {
        _options.Rules.Of(EntryCodec.RulesOf(entry.Body));
        return EntryCodec.Decode(entry.Body);
    }

    private void Count(Entry entry)
    {
        _tailBytes += entry.Body.Length;
        _tailEntries++;
    }

    private void SaveIfDue()
    {
        var isDue = _tailBytes > Math.Max(SnapshotAfterBytes, _snapshotBytes / 2) || _tailEntries > SnapshotAfterEntries;
        if (isDue && _saving.IsCompleted) _saving = SaveSnapshotAsync();
    }

    private LogSnapshot Freeze() => new(_state.Position, _state.AtMs, _state.Save());

    private async Task SaveSnapshotAsync()
    {
        var snapshot = Freeze();
        (_tailBytes, _tailEntries, _snapshotBytes) = (0, 0, snapshot.State.Length);
        try
        {
            _metrics.SnapshotStored(await _appender.PutSnapshotAsync(snapshot));
        }
        catch (Exception failed)
        {
            // A missing snapshot costs reading time at the next activation, nothing else.
            _metrics.SnapshotStored(false);
            LogSnapshotFailed(_logger, failed, Id);
        }
    }
}
