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

    // A list: mostly there is one, and who appends now stands at the end, where the search begins.
    private readonly List<(string Producer, ProducerState State)> _states = new(1);

    /// <summary>Null when the request continues its producer's chain; else the answer.</summary>
    public AppendResult? Judge(AppendRequest request, string epoch)
    {
        var at = IndexOf(request.Producer);
        var last = at < 0 ? default : _states[at].State;
        if (last.Sequence == request.Sequence)
            return new AppendResult(AppendStatus.Repeated, new Position(epoch, last.Offset), last.AtMs, last.Sequence);
        if (last.Sequence != request.Previous)
            return new AppendResult(AppendStatus.Refused, Position.Start, 0, last.Sequence);
        return null;
    }

    /// <summary>Remembers a producer's last entry.</summary>
    /// <returns>The producer that was forgotten for it, if one was.</returns>
    public string? Set(string producer, ProducerState state)
    {
        var at = IndexOf(producer);
        if (at >= 0)
        {
            _states[at] = (producer, state);
            return null;
        }

        string? forgotten = null;
        if (_states.Count >= Capacity)
        {
            forgotten = _states.MinBy(one => one.State.Offset).Producer;
            _states.RemoveAt(IndexOf(forgotten));
        }

        _states.Add((producer, state));
        return forgotten;
    }

    private int IndexOf(string producer)
    {
        for (var i = _states.Count - 1; i >= 0; i--)
        {
            if (_states[i].Producer == producer) return i;
        }

        return -1;
    }
}
