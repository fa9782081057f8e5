namespace Interactions.Contracts.Frames;

/// <summary>Bans that changed, for moderators.</summary>
/// <param name="Set">Those that run now.</param>
/// <param name="Lifted">Users who are not banned any more.</param>
public sealed record BanChanges(IReadOnlyList<BanRow> Set, IReadOnlyList<string> Lifted);
