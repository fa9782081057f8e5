namespace Interactions.Silo.Logs.Rocks;

/// <summary>What is stored of a life of a stream beside its entries.</summary>
/// <param name="Epoch">Its name.</param>
/// <param name="First">The first offset that is kept.</param>
/// <param name="Older">The second-newest snapshot; offset 0 = none.</param>
/// <param name="Newest">The newest one; offset 0 = none.</param>
internal readonly record struct StreamLife(string Epoch, long First, (long Offset, long AtMs) Older, (long Offset, long AtMs) Newest);
