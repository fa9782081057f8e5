using Interactions.Contracts;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>What a repair gives up beyond the rows that are known to be missing, in words.</summary>
internal static class RepairReport
{
    private const int MostNames = 100;

    /// <summary>What the write-ahead log held that was acknowledged and is not read any more.</summary>
    /// <param name="folder">As it was found.</param>
    /// <param name="held">The last group that was read, and of which database; null: none can be told.</param>
    public static IEnumerable<string> Groups(DataFolder folder, StoredGroup? held)
    {
        var damagedAt = Directory.Exists(folder.Database) ? WalScan.FindFirst(folder.Database) : null;
        var mark = MarkIn(folder);

        // Nobody was told of what is torn at the end.
        if (damagedAt is not null && held?.Number >= mark?.Group && WalScan.EndsTorn(folder.Database, out _)) damagedAt = null;
        var isAny = damagedAt is not null;
        if (mark is null || (held is { } read && read.Number > 0 && read.Database != mark.Database))
        {
            isAny = true;
            yield return $"Up to where groups of writes were acknowledged can't be told: {DurableMark.PathIn(folder.Path)} does not say it. The last ones may be given up.";
        }
        else if ((held?.Number ?? 0) < mark.Group)
        {
            isAny = true;
            yield return FormattableString.Invariant(
                $"Given up: the groups of writes behind {held?.Number ?? 0} of {mark.Group} that were acknowledged ({(damagedAt is null ? EndOf(folder) : $"from {damagedAt} on")}).");
        }
        else if (damagedAt is not null)
        {
            yield return FormattableString.Invariant(
                $"Given up: groups of writes from {damagedAt} on, before the last of {mark.Group} that were acknowledged. How many can't be told.");
        }

        if (damagedAt is not null) yield return $"Given up with it: the records behind {damagedAt}, as far as to the next one at which RocksDB reads on, although they may be sound.";
        if (isAny) yield return "Whose groups these were can't be told, so every stream begins a new epoch.";
    }

    /// <summary>Streams of which there were rows and of which nothing is left, and what that means for the list of streams.</summary>
    /// <param name="found">Streams that had rows.</param>
    /// <param name="copy">What was kept of them.</param>
    public static IEnumerable<string> Streams(IEnumerable<string> found, SalvageCopy copy)
    {
        var emptied = found.Where(stream => !copy.Left.Contains(stream)).ToArray();
        if (emptied.Length > 0) yield return $"Nothing is left of {Names(emptied)}: neither the beginning nor a snapshot was sound.";
        if (copy.Renewed.Concat(emptied).Any(StreamIds.IsOwn))
            yield return "The directory of streams lost something or may have: its list may lack streams, show an earlier title or state, or name some that were deleted.";
    }

    private static DurableMark.Content? MarkIn(DataFolder folder)
    {
        try
        {
            return DurableMark.Read(folder.Path);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string EndOf(DataFolder folder) =>
        Directory.Exists(folder.Database) && WalScan.Files(folder.Database) is [.., var last]
            ? FormattableString.Invariant($"{last} ends too early, at byte {new FileInfo(last).Length}, or another file is missing")
            : $"no write-ahead log is left in {folder.Database}";

    private static string Names(string[] streams) =>
        string.Join(", ", streams.Order(StringComparer.Ordinal).Take(MostNames)) + (streams.Length > MostNames ? $" and {streams.Length - MostNames} more" : "");
}
