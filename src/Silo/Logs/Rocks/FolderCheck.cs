using Interactions.Contracts;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Whether what is in a folder is all that was written there. Changes nothing.</summary>
internal static class FolderCheck
{
    /// <param name="Name">Of the database.</param>
    /// <param name="Group">The last group that it holds.</param>
    /// <param name="IsNew">There is no database yet.</param>
    /// <param name="IsVerified">All blocks of all tables were read.</param>
    internal sealed record State(string Name, long Group, bool IsNew, bool IsVerified)
    {
        /// <summary>From where on the newest file holds only pieces of a group that nobody was told of; null: it has none.</summary>
        public string? TornAt { get; init; }

        public string Settings => IsNew ? RocksSettings.Create : TornAt is null ? RocksSettings.Open : RocksSettings.OpenTorn;
    }

    /// <param name="folder">Locked.</param>
    /// <param name="verifyBytes">Tables are verified if all together are no larger.</param>
    /// <exception cref="LogRefusedException">Something is missing or damaged; the message says what.</exception>
    /// <exception cref="RocksException">The same, in RocksDB's words.</exception>
    public static State Run(DataFolder folder, long verifyBytes)
    {
        var mark = ReadMark(folder);
        if (!HasDatabase(folder.Database))
        {
            if (mark is null or { Group: 0 }) return new State(mark?.Database ?? Epochs.New(), 0, IsNew: true, IsVerified: true);
            throw Refuse(folder, Directory.Exists(folder.Database) ? $"{folder.Database} is empty" : $"{folder.Database} is missing");
        }

        var current = Path.Combine(folder.Database, "CURRENT");
        if (!System.IO.File.Exists(current)) throw Refuse(folder, $"{current} is missing");
        using var database = OpenToRead(folder.Database, out var tornAt);
        var (group, name, _) = ReadGroup(folder, database);
        if (mark is null && group > 0) throw Refuse(folder, $"{DurableMark.PathIn(folder.Path)} is missing");
        if (mark is not null && group > 0 && name != mark.Database) throw Refuse(folder, $"{DurableMark.PathIn(folder.Path)} belongs to another database");
        if (mark is not null && group < mark.Group) throw Refuse(folder, Behind(folder, group, mark.Group));

        var bytes = Directory.EnumerateFiles(folder.Database, "*.sst").Sum(path => new FileInfo(path).Length);
        if (bytes <= verifyBytes) database.Verify();
        return new State(group > 0 ? name : mark?.Database ?? Epochs.New(), group, IsNew: false, bytes <= verifyBytes) { TornAt = tornAt };
    }

    /// <summary>Whether anything was ever begun there. A repair moves the database last, so its mark alone says so too.</summary>
    /// <exception cref="LogRefusedException">A file is in the database's place.</exception>
    public static bool HasLog(DataFolder folder) => HasDatabase(folder.Database) || Path.Exists(DurableMark.PathIn(folder.Path));

    /// <summary>The last group that the folder's database holds.</summary>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    /// <exception cref="LogRefusedException">Another version wrote it.</exception>
    public static StoredGroup GroupOf(DataFolder folder, RocksDatabase database)
    {
        var group = database.Get(RocksKeys.Group) is { } value ? RocksRows.ReadGroup(RocksKeys.Group, value) : new StoredGroup(0, "");
        CheckFormat(folder, group.Format);
        return group;
    }

    /// <summary>What RocksDB said about a folder, for the operator.</summary>
    public static LogRefusedException Refusal(DataFolder folder, RocksException e)
    {
        var text = Plain(e.Message);
        if (!text.Contains(folder.Path, StringComparison.Ordinal)) text = $"{folder.Database}: {text}";

        // Said of whatever the manifest was compared with; the file that is meant stands before it.
        var guess = text.IndexOf("  The file ", StringComparison.Ordinal);
        if (guess > 0 && text[..guess].Contains(folder.Database + "/0", StringComparison.Ordinal)) text = text[..guess];
        if (e.IsDamage)
            return Refuse(folder, (text.Contains(folder.Database + "/", StringComparison.Ordinal) ? null : WalScan.FindDamage(folder.Database)) ?? text, e);
        if (text.Contains("No such file", StringComparison.Ordinal)) return Refuse(folder, text, e);
        return new LogRefusedException($"The log can't use the folder {folder.Path}: {text}", e);
    }

    /// <summary>What is wrong, and what can be done.</summary>
    public static string Advice(DataFolder folder, string what) =>
        $"{Plain(what).TrimEnd('.')}. Put back a copy of the file or of the whole folder {folder.Path}, or run once with --repair: it moves what is damaged aside and keeps what is sound.";

    private static RocksDatabase OpenToRead(string path, out string? tornAt)
    {
        tornAt = null;
        try
        {
            return RocksDatabase.OpenToRead(path, RocksSettings.Open);
        }
        catch (RocksException e) when (e.IsDamage && WalScan.EndsTorn(path, out tornAt))
        {
            return RocksDatabase.OpenToRead(path, RocksSettings.OpenTorn);
        }
    }

    private static DurableMark.Content? ReadMark(DataFolder folder)
    {
        try
        {
            if (Directory.Exists(DurableMark.PathIn(folder.Path))) throw Refuse(folder, $"{DurableMark.PathIn(folder.Path)} is a folder");
            var mark = DurableMark.Read(folder.Path);
            if (mark is not null) CheckFormat(folder, mark.Format);
            return mark;
        }
        catch (InvalidDataException damaged)
        {
            throw Refuse(folder, damaged.Message, damaged);
        }
    }

    private static void CheckFormat(DataFolder folder, int format)
    {
        if (format != StoredGroup.CurrentFormat) throw DataFolder.OfAnotherVersion(folder.Path, format < StoredGroup.CurrentFormat ? "earlier" : "later");
    }

    private static StoredGroup ReadGroup(DataFolder folder, RocksDatabase database)
    {
        try
        {
            return GroupOf(folder, database);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
        {
            throw Refuse(folder, e.Message, e);
        }
    }

    // A crash while the database is made leaves files with nothing in them, or a database without a group.
    private static bool HasDatabase(string path)
    {
        if (System.IO.File.Exists(path)) throw new LogRefusedException($"{path} is a file, where the log's folder has to be.");
        if (!Directory.Exists(path)) return false;
        return Directory.EnumerateFiles(path).Any(file =>
            Path.GetFileName(file) == "CURRENT" || (file.EndsWith(".log", StringComparison.Ordinal) && new FileInfo(file).Length > 0) || file.EndsWith(".sst", StringComparison.Ordinal));
    }

    private static string Behind(DataFolder folder, long group, long mark)
    {
        var where = WalScan.FindDamage(folder.Database);
        if (where is null)
        {
            var logs = WalScan.Files(folder.Database);
            var last = logs.Count > 0 ? logs[^1] : null;
            where = last is null ? $"{folder.Database} lacks its newest file"
                : FormattableString.Invariant($"{last} ends too early, at byte {new FileInfo(last).Length}, or a newer one is missing");
        }

        return FormattableString.Invariant($"{where.TrimEnd('.')}: group {group} is the last one there, and group {mark} was acknowledged");
    }

    private static LogRefusedException Refuse(DataFolder folder, string what, Exception? inner = null) =>
        new($"The log is damaged: {Advice(folder, what)}", inner) { Damage = $"The log is damaged: {Plain(what).TrimEnd('.')}." };

    private static string Plain(string text)
    {
        text = text.ReplaceLineEndings(" ");
        return text.StartsWith("Corruption: ", StringComparison.Ordinal) || text.StartsWith("IO error: ", StringComparison.Ordinal) || text.StartsWith("Invalid argument: ", StringComparison.Ordinal)
            ? text[(text.IndexOf(": ", StringComparison.Ordinal) + 2)..]
            : text;
    }
}
