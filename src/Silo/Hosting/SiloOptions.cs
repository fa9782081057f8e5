using Interactions.Silo.Grains;

namespace Interactions.Silo.Hosting;

/// <summary>What a silo keeps its grains by.</summary>
/// <param name="Streams">How it keeps streams.</param>
public sealed record SiloOptions(StreamOptions Streams)
{
    /// <summary>How many streams one user may own.</summary>
    public int StreamsPerUser { get; init; } = 1000;
}
