using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>
/// The last batch of each frontend and its answer, for 10 minutes of log time: what a frontend sends again, because the answer got
/// lost, counts once. Whether the frontend still has viewers does not matter. Not thread-safe.
/// </summary>
internal sealed class FrontendMemory
{
    public const long KeepMs = 10 * 60 * 1000;

    /// <summary>How many frontends are remembered. None is pushed out by another: its last batch could be counted twice.</summary>
    public const int Most = 1024;

    // Most streams have one frontend.
    private SortedList<string, Remembered>? _byFrontend;

    /// <summary>Nothing ends before that.</summary>
    private long _endsAtMs = long.MaxValue;

    /// <summary>What is known of a batch before it is decided: null = it is new. Changes nothing.</summary>
    /// <param name="atMs">The log time at which it would be decided.</param>
    public BatchAnswer? Recall(string frontend, long sequence, long atMs)
    {
        if (frontend.Length == 0 || _byFrontend is null) return null;
        if (!_byFrontend.TryGetValue(frontend, out var last) || last.EndsAtMs <= atMs)
        {
            return _byFrontend.Count < Most || AnyEndedAt(atMs) ? null : new(frontend, sequence, BatchOutcome.TooManyFrontends, []);
        }

        if (sequence > last.Sequence) return null;
        return sequence < last.Sequence
            ? new(frontend, sequence, BatchOutcome.Outdated, [])
            : new(frontend, sequence, BatchOutcome.Repeated, ResultCodec.Decode(last.Results));
    }

    /// <summary>Remembers the answer to a batch that was new.</summary>
    public void Add(string frontend, long sequence, long atMs, ItemResult[] results)
    {
        if (frontend.Length == 0) return;
        _byFrontend ??= new(1, StringComparer.Ordinal);
        _byFrontend[frontend] = new Remembered(sequence, atMs + KeepMs, ResultCodec.Encode(results));
        _endsAtMs = Math.Min(_endsAtMs, atMs + KeepMs);
    }

    public void Expire(long nowMs)
    {
        if (_byFrontend is null || nowMs < _endsAtMs) return;
        _endsAtMs = long.MaxValue;
        for (var i = _byFrontend.Count - 1; i >= 0; i--)
        {
            var endsAtMs = _byFrontend.GetValueAtIndex(i).EndsAtMs;
            if (endsAtMs <= nowMs) _byFrontend.RemoveAt(i);
            else _endsAtMs = Math.Min(_endsAtMs, endsAtMs);
        }
    }

    /// <remarks><code>
    /// memory := count (frontend sequence(signed) endsAtMs(signed) results(length, bytes))*
    /// </code>
    /// Results: <see cref="ResultCodec"/>. In the order of the frontends' ids.</remarks>
    public void Write(ByteWriter writer)
    {
        writer.Count(_byFrontend?.Count ?? 0);
        if (_byFrontend is null) return;
        foreach (var (frontend, last) in _byFrontend)
        {
            writer.Text(frontend);
            writer.Signed(last.Sequence);
            writer.Signed(last.EndsAtMs);
            writer.Blob(last.Results);
        }
    }

    public static FrontendMemory Read(ByteReader reader)
    {
        var memory = new FrontendMemory();
        for (var left = reader.Count(); left > 0; left--)
        {
            var frontend = reader.Text();
            var last = new Remembered(reader.Signed(), reader.Signed(), reader.Blob());
            ResultCodec.Decode(last.Results);
            if (!(memory._byFrontend ??= new(1, StringComparer.Ordinal)).TryAdd(frontend, last)) throw new InvalidDataException($"{frontend} stands twice.");
            memory._endsAtMs = Math.Min(memory._endsAtMs, last.EndsAtMs);
        }

        return memory;
    }

    private bool AnyEndedAt(long atMs) => _endsAtMs <= atMs && _byFrontend!.Values.Any(last => last.EndsAtMs <= atMs);

    /// <param name="EndsAtMs">Log time until which it is remembered.</param>
    /// <param name="Results">As bytes: a fifth of their size, and nobody reads them but one that asks again.</param>
    private readonly record struct Remembered(long Sequence, long EndsAtMs, byte[] Results);
}
