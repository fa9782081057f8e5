namespace Interactions.Contracts.Grains;

/// <summary>Any silo, its key 0: says which silos there are.</summary>
[Alias("interactions.cluster")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>The addresses of the active silos, and of which version of the membership they are.</summary>
    [Alias("silos")]
    Task<SilosAnswer> SilosAsync();

    /// <summary>Asks the log's servers: whether streams can be read and written now.</summary>
    [Alias("probe")]
    Task<bool> ProbeAsync();
}
