using Interactions.Contracts;

namespace Interactions.Silo.Nodes;

/// <summary>A change of a stream that was begun and whose end the directory has not heard of.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Creation">The settings of a stream that is being created.</param>
/// <param name="Deleted">The row of a stream that is being deleted; else null.</param>
internal sealed record OpenChange(string Name, string Id, ulong Seed, SettingsPatch? Creation, DirectoryRow? Deleted);
