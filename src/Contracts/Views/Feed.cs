using Interactions.Contracts.Effects;

namespace Interactions.Contracts.Views;

/// <summary>
/// What viewers of a stream are served from: its view, and the ring of the effects that led there. Both stand at the same
/// position. Safe for concurrent callers; whoever reads holds up neither the fold nor senders.
/// </summary>
/// <param name="shownTime">How log times are shown now.</param>
public sealed class Feed(StreamView view, EffectRing ring, Func<ShownTime> shownTime)
{
    private readonly Lock _lock = new();
    private StreamView _view = view;
    private EffectRing _ring = ring;

    /// <summary>Reads view and ring. Keep it short: the next entry waits.</summary>
    public T Read<T>(Func<StreamView, EffectRing, T> read)
    {
        var shown = shownTime();
        lock (_lock)
        {
            _view.Shown = shown;
            return read(_view, _ring);
        }
    }

    /// <summary>The next entry.</summary>
    public void Apply(EntryEffects entry)
    {
        lock (_lock)
        {
            _view.Apply(entry);
            _ring.Add(entry);
        }
    }

    /// <summary>The stream was folded anew.</summary>
    public void Restart(StreamView view, EffectRing ring)
    {
        lock (_lock) (_view, _ring) = (view, ring);
    }
}
