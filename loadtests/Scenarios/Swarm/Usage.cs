using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>What had been used and counted at a moment.</summary>
/// <param name="ServiceSeconds">Processor time of the service; null = not known.</param>
internal sealed record Usage(long Ticks, double? ServiceSeconds, SwarmCounts Swarm, long Accepted);
