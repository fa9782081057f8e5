namespace Interactions.Silo.Directories;

/// <summary>A creation that was deleted and does not come back for 30 days, whoever was away meanwhile.</summary>
/// <param name="AtMs">When it was erased, log time.</param>
internal readonly record struct Tombstone(string Id, ulong Creation, long AtMs)
{
    public const long KeepMs = 30L * 24 * 60 * 60 * 1000;
}
