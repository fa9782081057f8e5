using Interactions.Contracts;

namespace Interactions.Frontend.Admission;

/// <summary>Someone who was let in to watch.</summary>
/// <param name="Identity">Null = anonymous.</param>
/// <param name="Position">Where to go on from; null = from a snapshot.</param>
/// <param name="Permit">To be disposed when the connection ends; null when connections are not counted.</param>
internal readonly record struct Admitted(Identity? Identity, Position? Position, ConnectionPermit? Permit);
