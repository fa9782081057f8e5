namespace Interactions.Silo.Grains;

/// <summary>How much one user may send.</summary>
/// <param name="PerSecond">Interactions, sustained.</param>
/// <param name="Burst">Of a user who was quiet, at once.</param>
public readonly record struct UserRate(double PerSecond, double Burst);
