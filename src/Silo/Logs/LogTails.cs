using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>As <see cref="IStreamLog.ReadAsync"/>.</summary>
internal delegate ValueTask<ReadResult> ReadLog(string stream, Position after, int max, CancellationToken cancellationToken);

/// <summary>
/// The tails of a log: makes <see cref="IStreamLog.TailAsync"/> of pushes and reads. A push is only a hint: what
/// is missing is read, and every tail compares the head once a second, by one timer for all of them.
/// </summary>
/// <param name="time">For the comparison.</param>
/// <param name="read">Fills holes.</param>
/// <param name="isBehind">Whether the stream has something after the position, where that costs nothing to know; null: read to find out.</param>
internal sealed class LogTails(TimeProvider time, ReadLog read, Func<string, Position, bool>? isBehind = null) : IDisposable
{
    private const int ReadAtOnce = 128;
    private static readonly TimeSpan CompareEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, LogTail[]> _tails = new(StringComparer.Ordinal);
    private readonly Lock _timerGate = new();
    private ITimer? _timer;
    private volatile bool _closed;

    /// <summary>Whether anyone reads the stream. Asked after an entry can be read, so that a reader who comes later finds it.</summary>
    public bool Has(string stream) => _tails.ContainsKey(stream);

    public void Push(string stream, Entry entry)
    {
        if (!_tails.TryGetValue(stream, out var tails)) return;
        foreach (var tail in tails) tail.Push(entry);
    }

    /// <summary>Ends the stream's tails, as far as they read this epoch; null: all. Called before the stream is seen to be gone.</summary>
    public void Delete(string stream, string? epoch)
    {
        if (!_tails.TryGetValue(stream, out var tails)) return;
        foreach (var tail in tails)
        {
            var position = tail.Position;
            if (epoch is null || position.IsStart || position.Epoch == epoch) tail.Delete();
        }
    }

    /// <summary>Pushes may have been lost: every tail compares the head.</summary>
    public void Recheck()
    {
        foreach (var (_, tails) in _tails)
        {
            foreach (var tail in tails) tail.Recheck();
        }
    }

    /// <summary>Says where a stream's log ends: tails that wait elsewhere read on.</summary>
    public void Compare(string stream, Position head)
    {
        if (!_tails.TryGetValue(stream, out var tails)) return;
        foreach (var tail in tails)
        {
            if (tail.Rest(out var position) && position != head) tail.Recheck();
        }
    }

    public async IAsyncEnumerable<Entry> TailAsync(
        string stream, Position after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var tail = new LogTail(after);
        Add(stream, tail);
        using var registration = cancellationToken.UnsafeRegister(static state => ((LogTail)state!).Wake(), tail);
        try
        {
            var wasFound = false;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                switch (tail.Next(out var entry))
                {
                    case LogTail.Step.Entry:
                        yield return entry!;
                        break;
                    case LogTail.Step.Wait:
                        await tail.WaitAsync();
                        break;
                    case LogTail.Step.Read:
                        if (!await FillAsync(stream, tail, wasFound, cancellationToken)) yield break;
                        wasFound = true;
                        break;
                    case LogTail.Step.Deleted:
                        yield break;
                    case LogTail.Step.Closed:
                        throw new ObjectDisposedException(nameof(IStreamLog));
                }
            }
        }
        finally
        {
            Remove(stream, tail);
        }
    }

    /// <summary>Ends all tails with an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _closed = true;
        lock (_timerGate) _timer?.Dispose();
        foreach (var (_, tails) in _tails)
        {
            foreach (var tail in tails) tail.Close();
        }
    }

    /// <returns>False when the stream was deleted under the tail.</returns>
    private async ValueTask<bool> FillAsync(string stream, LogTail tail, bool wasFound, CancellationToken cancellationToken)
    {
        var position = tail.Position;
        var result = await read(stream, position, ReadAtOnce, cancellationToken);
        if (result.Status == ReadStatus.Ok)
        {
            tail.Take(result);
            return true;
        }

        var isGone = wasFound && result.Status == ReadStatus.OtherEpoch && result.Head.IsStart;
        if (tail.IsDeleted || isGone) return false;
        throw new PositionLostException(stream, position, result.Status);
    }

    private void Add(string stream, LogTail tail)
    {
        _tails.AddOrUpdate(stream, static (_, one) => [one], static (_, tails, one) => [.. tails, one], tail);
        lock (_timerGate)
        {
            if (!_closed) _timer ??= time.CreateTimer(static state => ((LogTails)state!).Compare(), this, CompareEvery, CompareEvery);
        }

        if (_closed) tail.Close();
    }

    private void Remove(string stream, LogTail tail)
    {
        while (_tails.TryGetValue(stream, out var tails))
        {
            var isDone = tails.Length == 1 && tails[0] == tail
                ? _tails.TryRemove(KeyValuePair.Create(stream, tails))
                : _tails.TryUpdate(stream, Array.FindAll(tails, other => other != tail), tails);
            if (isDone) return;
        }
    }

    private void Compare()
    {
        foreach (var (stream, tails) in _tails)
        {
            foreach (var tail in tails)
            {
                if (tail.Rest(out var position) && (isBehind is null || isBehind(stream, position))) tail.Recheck();
            }
        }
    }
}
