using Interactions.Contracts.Batches;

namespace Interactions.Silo.Nodes;

/// <summary>What one of the service's own streams adds up to. Called by one thread at a time; read by others.</summary>
internal interface ISystemFold
{
    /// <summary>What was is replaced, in one step, by what these add up to: the log was read anew.</summary>
    void Restart(IReadOnlyList<Batch> batches);

    void Apply(Batch batch);

    /// <summary>The batch that leads from nothing to here: the stream's snapshot.</summary>
    Batch Save();
}
