using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Grains;

/// <summary>What becomes of a stream whose store was started again.</summary>
internal sealed partial class LiveStream
{
    /// <summary>The epoch that the next entry opens; null = it stands in the one that there is.</summary>
    private string? _opening;

    /// <summary>Called on any thread: stores may have lost what this activation holds.</summary>
    public void StoreRestarted() => _enter(() =>
    {
        // A look finds out. Nothing is to be mended while an append is under way: it finds out by itself.
        _lookedMs = long.MinValue / 2;
        if (_held is { Count: > 0 } && !IsWriting && _end == Code.Accepted) _ = RestoreQuietlyAsync();
    });

    /// <summary>Makes the store whole by what is held; if nothing is, a new epoch is to begin.</summary>
    /// <returns>False when another activation was first.</returns>
    private async Task<bool> ContinueAsync(LogHead storeHead)
    {
        if (_held is { Count: > 0 })
        {
            if (!await RestoreAsync()) return false;
            LogRestored(_logger, Id, storeHead.Position, _head.Position);
            _metrics.Restored(_head.Position.Offset - storeHead.Position.Offset);
            return true;
        }

        _opening = Epochs.New(ClockMs, _head.Position.IsStart ? null : _head.Position.Epoch);
        LogNewEpoch(_logger, Id, storeHead.Position, _opening);
        var lost = _head.Position.Offset - storeHead.Position.Offset;
        if (lost > 0)
        {
            LogLost(_logger, Id, lost, storeHead.Position);
            _metrics.Lost(lost);
        }

        _head = storeHead;
        return true;
    }

    private async Task<bool> RestoreAsync()
    {
        var entries = _held!.All;
        var snapshot = _state.Position == entries[^1].Position ? new LogSnapshot(_state.Position, _state.AtMs, _state.Save()) : null;
        var last = LogHead.Of(entries[^1]);
        var result = await _log.RestoreAsync(Id, snapshot, _held.Before, entries);

        // Refused with what it holds at the head: it was made whole before, and the answer was lost.
        if (result.Status != AppendStatus.Taken && result.Head != last)
        {
            Lose(result.Head);
            return false;
        }

        if (last.Position.Offset >= _head.Position.Offset) _head = last; // an append may have been quicker
        _lookedMs = NowMs;
        return true;
    }

    private async Task RestoreQuietlyAsync()
    {
        try
        {
            await RestoreAsync();
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogFullException or OperationCanceledException)
        {
            // The next append finds out.
        }
    }
}
