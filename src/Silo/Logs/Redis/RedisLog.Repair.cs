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
        var heads = (RedisResult[])(await _server.RunAsync(RedisScript.Heads, [.. streams.Select(RedisKeys.Meta)]))!;
        for (var i = 0; i < streams.Length; i++)
        {
            var head = new Position((string?)heads[2 * i] ?? "", RedisEntry.Number((string)heads[(2 * i) + 1]!));
            _tails.Compare(streams[i], head);

            // Shorter than what is held here: the store came back with less.
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
            if (lost.Length == 0) return false;

            var restored = 0;
            foreach (var entry in lost)
            {
                if (await PutBackAsync(stream, entry, cancellationToken)) restored++;
            }

            held.Forget([.. lost.Select(entry => entry.Position)]);
            Interlocked.Add(ref _putBack, restored);
            LogPutBack(_logger, _server.Name, stream, lives.HeadPosition, restored, lost.Length);
            return true;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<bool> PutBackAsync(string stream, Entry entry, CancellationToken cancellationToken)
    {
        var request = new AppendRequest(entry.Producer, entry.Sequence - 1, entry.Sequence, entry.Batch, entry.AtMs) { Origin = entry.Origin ?? entry.Position };
        for (var tries = 0; ; tries++)
        {
            var result = await AppendOnceAsync(stream, request, overGap: tries == GapTries, cancellationToken);
            if (result.Status != AppendStatus.Refused) return result.Status == AppendStatus.Taken;
            if (result.LastSequence >= entry.Sequence || tries == GapTries) return false;

            // Something before it is missing too: another node may hold that, and gets the time to put it back first.
            await Task.Delay(GapWait, _time, cancellationToken);
        }
    }
}
