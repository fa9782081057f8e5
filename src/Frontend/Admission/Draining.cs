namespace Interactions.Frontend.Admission;

/// <summary>Whether this frontend is about to stop: it takes no more viewers. Safe for concurrent callers.</summary>
internal sealed class Draining
{
    private volatile bool _hasBegun;

    public bool HasBegun => _hasBegun;

    public void Begin() => _hasBegun = true;
}
