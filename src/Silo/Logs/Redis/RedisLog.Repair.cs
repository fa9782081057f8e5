using Interactions.Contracts;
using Interactions.Contracts.Log;
using StackExchange.Redis;

namespace Interactions.Silo.Logs.Redis;

/// <summary>How the log notices what was not pushed, and what the store lost.</summary>
public sealed partial class RedisLog
{
    private const int GapTries = 5;
    private static readonly TimeSpan GapWait = TimeSpan.FromMilliseconds(300);

    /// <summary>Once a second, and when a lost connection is back: compares heads.</summary>
    private void Look(bool afterLoss)
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 1 && !afterLoss) return;
        _ = LookAsync();
    }

    private async Task LookAsync()
    {
        try
        {
            var now = NowMs;
            foreach (var (stream, held) in _held)
            {
                held.Prune(now);
                if (held.IsEmpty && !_readers.ContainsKey(stream)) _held.TryRemove(KeyValuePair.Create(stream, held));
            }

            foreach (var streams in _readers.Keys.Union(_held.Keys).Chunk(HeadsAtOnce)) await CompareAsync(streams);
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogFullException or ObjectDisposedException)
        {
            // The store is away; the next look finds out.
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private async Task CompareAsync(string[] streams)
    {
        var askedAt = _time.GetTimestamp();
        var heads = (RedisResult[])(await _server.RunAsync(RedisScript.Heads, [.. streams.Select(RedisKeys.Meta)]))!;
        if (_clock.Hear(RedisEntry.Number((string)heads[^1]!), askedAt) is { } jump)
        {
            _metrics?.ClockJumped(store: true);
            LogClockJumped(_logger, _server.Name, jump.TotalSeconds);
        }

        for (var i = 0; i < streams.Length; i++)
        {
            var head = new Position((string?)heads[2 * i] ?? "", RedisEntry.Number((string)heads[(2 * i) + 1]!));
            _tails.Compare(streams[i], head);

            // Another life, or shorter than what is held here: the store may have come back with less.
            if (_held.TryGetValue(streams[i], out var held) && held.IsBeyond(head)) await RestoreAsync(streams[i], CancellationToken.None);
        }
    }

    /// <summary>Puts back what is held here and the store does not have any more. Idempotent, whoever does it, and when.</summary>
    /// <returns>Whether there was anything to put back.</returns>
    private async Task<bool> RestoreAsync(string stream, CancellationToken cancellationToken)
    {
        if (!_held.TryGetValue(stream, out var held) || held.IsEmpty) return false;
        var gate = _restoring.GetOrAdd(stream, static _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            // What is held is looked at before the store, so that what is appended meanwhile is not taken for lost.
            var all = held.All();
            var (lives, _, _) = await ReadOnceAsync(stream, Position.Start, 0, cancellationToken);
            var lost = Array.FindAll(all, entry => entry.Position.Offset > (lives.EndOf(entry.Position.Epoch) ?? 0));
            var restored = 0;
            foreach (var entry in lost)
            {
                var (result, isGone) = await PutBackAsync(stream, entry, cancellationToken);
                if (result.Status == AppendStatus.Taken) restored++;
                if (!isGone) continue;

                // It was deleted, and this node did not hear of it.
                held.Clear();
                _tails.Delete(stream, entry.Position.Epoch);
                return true;
            }

            // What the store had of an earlier life when that ended, it has.
            var done = lost.Concat(all.Where(entry => entry.Position.Epoch != lives.Epoch));
            held.Forget([.. done.Select(entry => entry.Position)]);
            if (lost.Length == 0) return false;

            _metrics?.PutBack(restored);
            LogPutBack(_logger, _server.Name, stream, lives.HeadPosition, restored, lost.Length);
            return true;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<(AppendResult Result, bool IsGone)> PutBackAsync(string stream, Entry entry, CancellationToken cancellationToken)
    {
        var origin = entry.Origin ?? entry.Position;
        var request = new AppendRequest(entry.Producer, entry.Sequence - 1, entry.Sequence, entry.Batch, entry.AtMs) { Origin = origin };
        for (var tries = 0; ; tries++)
        {
            var (result, isGone) = await AppendOnceAsync(stream, request, origin.Epoch, overGap: false, cancellationToken);
            if (result.Status != AppendStatus.Refused || isGone || result.LastSequence >= entry.Sequence) return (result, isGone);
            if (tries == GapTries) return (await AppendOverGapAsync(stream, request, origin.Epoch, result.LastSequence, cancellationToken), false);

            // Something before it is missing too: another node may hold that, and gets the time to put it back first.
            await Task.Delay(GapWait, _time, cancellationToken);
        }
    }

    /// <summary>Goes on with a chain of which the store lost a piece that nobody put back.</summary>
    /// <param name="last">The last sequence before the gap.</param>
    private async Task<AppendResult> AppendOverGapAsync(string stream, AppendRequest request, string life, long last, CancellationToken cancellationToken)
    {
        var (result, _) = await AppendOnceAsync(stream, request, life, overGap: true, cancellationToken);
        if (result.Status != AppendStatus.Taken) return result;
        var lost = request.Previous - last;
        _metrics?.Lost(lost);
        LogLost(_logger, _server.Name, stream, request.Producer, lost);
        return result;
    }
}
