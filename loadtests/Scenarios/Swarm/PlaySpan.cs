namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>How long a play takes: a warm-up that is not measured, then what is.</summary>
internal readonly record struct PlaySpan(double WarmUpSeconds, double Seconds);
