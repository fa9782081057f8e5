namespace Interactions.Silo.Logs.File;

/// <summary>
/// A life of a stream that was deleted. As long as a segment between <see cref="Born"/> and
/// <see cref="Until"/> is there, so must be this, or a restart would bring the stream back.
/// </summary>
internal sealed record Tombstone(string Stream, string Epoch, int Born, int Until);
