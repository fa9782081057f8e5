namespace Interactions.Contracts.Frames;

/// <param name="Data">JSON as UTF-8; empty = null.</param>
public sealed record ShownCue(string Name, ReadOnlyMemory<byte> Data, long AtMs);
