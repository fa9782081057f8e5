using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>
/// The producers' chains of one stream: what makes a retried append add nothing. Remembers the
/// <see cref="Capacity"/> producers that appended last. Not thread-safe.
/// </summary>
internal sealed class ProducerTable
{
    public const int Capacity = 256;

    private readonly Dictionary<string, ProducerState> _states = new(1, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ProducerState> All => _states;

    /// <summary>Null when the request continues its producer's chain; else the answer.</summary>
    public AppendResult? Judge(AppendRequest request, string epoch)
    {
        var last = _states.GetValueOrDefault(request.Producer);
        if (last.Sequence == request.Sequence)
            return new AppendResult(AppendStatus.Repeated, new Position(epoch, last.Offset), last.AtMs, last.Sequence);
        if (last.Sequence != request.Previous)
            return new AppendResult(AppendStatus.Refused, Position.Start, 0, last.Sequence);
        return null;
    }

    public ProducerUndo Set(string producer, ProducerState state)
    {
        ProducerState? before = _states.TryGetValue(producer, out var held) ? held : null;
        string? evicted = null;
        ProducerState evictedState = default;
        if (before is null && _states.Count >= Capacity)
        {
            var oldest = _states.MinBy(pair => pair.Value.Offset);
            (evicted, evictedState) = (oldest.Key, oldest.Value);
            _states.Remove(evicted);
        }

        _states[producer] = state;
        return new ProducerUndo(producer, before, evicted, evictedState);
    }

    public void Undo(ProducerUndo undo)
    {
        if (undo.Before is { } before) _states[undo.Producer] = before;
        else _states.Remove(undo.Producer);
        if (undo.Evicted is { } evicted) _states[evicted] = undo.EvictedState;
    }

    public void Clear() => _states.Clear();
}
