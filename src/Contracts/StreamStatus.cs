namespace Interactions.Contracts;

/// <summary>The life of a stream. It only goes forward; <see cref="Ended"/> is final.</summary>
public enum StreamStatus : byte
{
    Created,
    Live,
    Ended,
}
