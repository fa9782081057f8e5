namespace Interactions.Silo.Logs.Rocks;

/// <summary>What is stored of a stream beside its entries, from its first append until it is deleted.</summary>
/// <param name="Birth">The epoch in which it began. No other life of a stream has the same.</param>
/// <param name="Epochs">Which entries are of which epoch.</param>
/// <param name="First">The first offset that is kept.</param>
/// <param name="Snapshots">Where they stand, without their states.</param>
internal sealed record StreamLife(string Birth, LogEpochs Epochs, long First, SnapshotPair Snapshots);
