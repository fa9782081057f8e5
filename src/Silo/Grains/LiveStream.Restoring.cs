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
    private async Task<bool> ContinueAsync(Position storeHead)
    {
        if (_held is { Count: > 0 })
        {
            if (!await RestoreAsync()) return false;
            LogRestored(_logger, Id, storeHead, _head);
            _metrics.Restored(_head.Offset - storeHead.Offset);
            return true;
        }

        _opening = Epochs.New(ClockMs, _head.IsStart ? null : _head.Epoch);
        LogNewEpoch(_logger, Id, storeHead, _opening);
        if (_head.Offset > storeHead.Offset)
        {
            LogLost(_logger, Id, _head.Offset - storeHead.Offset, storeHead);
            _metrics.Lost(_head.Offset - storeHead.Offset);
        }

        _head = storeHead;
        return true;
    }

    private async Task<bool> RestoreAsync()
    {
        var entries = _held!.All;
        var snapshot = _state.Position == entries[^1].Position ? new LogSnapshot(_state.Position, _state.AtMs, _state.Save()) : null;
        var last = entries[^1];
        var result = await _log.RestoreAsync(Id, snapshot, entries);

        // Refused with what it holds at the head: it was made whole before, and the answer was lost.
        var isWhole = result.Status == AppendStatus.Taken || (result.Head == last.Position && result.Writer == last.Writer && result.Number == last.Number);
        if (!isWhole)
        {
            Lose(result.Head);
            return false;
        }

        if (last.Position.Offset >= _head.Offset) _head = last.Position; // an append may have been quicker
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
