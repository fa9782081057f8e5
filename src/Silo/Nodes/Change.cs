namespace Interactions.Silo.Nodes;

/// <summary>What a change of a stream came to.</summary>
/// <param name="Stream">The stream, when it is there after a change that was done.</param>
public readonly record struct Change(ChangeOutcome Outcome, OpenStream? Stream = null);
