namespace Interactions.Contracts.Grains;

/// <summary>What decides who may do what on a stream.</summary>
/// <param name="Creation">Names the creation, for an id may be used again after a deletion.</param>
/// <param name="AnyBans">Whether anyone may be banned: then whose taps are added up matters.</param>
[GenerateSerializer, Immutable, Alias("interactions.streamInfo")]
public sealed record StreamInfo(string Id, ulong Creation, string Owner, StreamStatus Status, bool Tap, bool AnyBans = false);
