namespace Interactions.Contracts.Timing;

/// <summary>Something that a <see cref="DeadlineQueue"/> calls. Must return quickly and not throw.</summary>
public interface IDue
{
    void Due();
}
