using System.Net;

namespace Interactions.Silo.Hosting;

/// <summary>Where a silo is to be found.</summary>
/// <param name="Address">As others reach it; it listens there only.</param>
/// <param name="SiloPort">For other silos.</param>
/// <param name="GatewayPort">For frontends in other processes.</param>
public sealed record SiloEndpoint(IPAddress Address, int SiloPort = 11111, int GatewayPort = 30000);
