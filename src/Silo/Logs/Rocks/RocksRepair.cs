using System.Globalization;
using Interactions.Contracts;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// Makes a database of what is sound in a damaged one. What was there is moved aside whole. A stream that lost something, or may have, begins
/// a new epoch: its offsets are never given out twice. Its sound entries stay at their positions; see <see cref="StreamSalvage"/>.
/// </summary>
public static class RocksRepair
{
    /// <param name="path">The log's folder.</param>
    /// <param name="say">Is given what the operator should know, a line at a time.</param>
    /// <exception cref="LogRefusedException">The folder can't be used, or has no log in it.</exception>
    public static void Run(string path, Action<string> say)
    {
        // Taking a folder makes it.
        if (!Path.Exists(path)) throw NoLog(path);
        using var folder = DataFolder.Take(path);
        try
        {
            if (!FolderCheck.HasLog(folder)) throw NoLog(path);
            var damage = FindDamage(folder, out var isWhole);
            if (damage is null)
            {
                say($"The log in {folder.Path} is sound: there is nothing to repair.");
                return;
            }

            say(damage);
            Repair(folder, isWhole, say);
        }
        catch (RocksException e)
        {
            throw new LogRefusedException($"The log in {folder.Path} can't be repaired: {e.Message.ReplaceLineEndings(" ")}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogRefusedException($"The log in {folder.Path} can't be repaired: {e.Message}", e);
        }
    }

    private static LogRefusedException NoLog(string path) => new($"There is no log in {Path.GetFullPath(path)}. Log:Path names the folder.");

    /// <param name="folder">Where.</param>
    /// <param name="isWhole">Every group that was acknowledged is there, so that what is damaged is known to be all that is lost.</param>
    private static string? FindDamage(DataFolder folder, out bool isWhole)
    {
        isWhole = false;
        try
        {
            var state = FolderCheck.Run(folder, verifyBytes: 0);
            if (state.IsNew) return null;
            isWhole = true;
            using var database = RocksDatabase.OpenToRead(folder.Database, state.Settings); // a torn end is no damage
            database.Verify();
            var survey = StreamSurvey.Of(database);
            return survey.Concerned.Count == 0 ? null : $"The log is damaged: rows of {survey.Concerned.Count} streams are missing or not as they were written.";
        }
        catch (RocksException e)
        {
            var refusal = FolderCheck.Refusal(folder, e);
            return refusal.Damage ?? throw refusal;
        }
        catch (LogRefusedException refused) when (refused.Damage is not null)
        {
            return refused.Damage;
        }
    }

    private static void Repair(DataFolder folder, bool isWhole, Action<string> say)
    {
        var work = Path.Combine(folder.Path, "log.repair");
        var fresh = Path.Combine(folder.Path, "log.new");
        Remove(work);
        Remove(fresh);
        Link(folder.Database, work);
        long groups;
        var name = Epochs.New();
        using (var target = RocksDatabase.Open(fresh, RocksSettings.Create))
        {
            using var copy = new SalvageCopy(target, name);
            IEnumerable<string> found = [];
            StoredGroup? held = null;
            try
            {
                using var source = OpenSource(work, ref isWhole);
                held = GroupOf(folder, source);
                var survey = StreamSurvey.Of(source);
                found = survey.Births.Keys;
                copy.Run(source, survey, isWhole);
                foreach (var line in survey.Losses) say(line);
            }
            catch (RocksException e)
            {
                say($"Nothing can be read: the log begins empty. {e.Message.ReplaceLineEndings(" ")}");
            }

            groups = copy.Finish();
            if (!isWhole)
            {
                foreach (var line in RepairReport.Groups(folder, held)) say(line);
            }

            foreach (var line in RepairReport.Streams(found, copy)) say(line);
            say(FormattableString.Invariant($"{copy.Kept} streams are as they were; {copy.Renewed.Count} lost something or may have, and begin a new epoch."));
            if (copy.Renewed.Count is > 0 and <= 100) say($"New epochs: {string.Join(", ", copy.Renewed)}");
        }

        Remove(work);
        say($"What was there is in {Swap(folder, fresh, name, groups)}.");
    }

    // Until the last step the old database is there, beside a mark that does not fit: a repair that was interrupted is refused, and begun again.
    private static string Swap(DataFolder folder, string fresh, string name, long groups)
    {
        var aside = Path.Combine(folder.Path, $"damaged-{DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture)}");
        Directory.CreateDirectory(aside);
        var mark = DurableMark.PathIn(folder.Path);
        if (System.IO.File.Exists(mark)) System.IO.File.Copy(mark, Path.Combine(aside, DurableMark.FileName));
        else if (Directory.Exists(mark)) Directory.Move(mark, Path.Combine(aside, DurableMark.FileName));
        DurableMark.Open(folder.Path, name, groups, TimeProvider.System).Dispose();
        if (Directory.Exists(folder.Database)) Directory.Move(folder.Database, Path.Combine(aside, Path.GetFileName(folder.Database)));
        Directory.Move(fresh, folder.Database);
        CLibrary.FlushDirectory(folder.Path);
        return aside;
    }

    private static RocksDatabase OpenSource(string work, ref bool isWhole)
    {
        try
        {
            var source = RocksDatabase.OpenToRead(work, RocksSettings.Salvage);
            source.IgnoreChecksums();
            if (CanRead(source)) return source;
            source.Dispose();
        }
        catch (RocksException)
        {
            // Its manifest is of no use, or a table that it names.
        }

        isWhole = false;
        RocksDatabase.Rebuild(work, RocksSettings.Salvage);
        var rebuilt = RocksDatabase.OpenToRead(work, RocksSettings.Salvage);
        rebuilt.IgnoreChecksums();
        return rebuilt;
    }

    private static StoredGroup? GroupOf(DataFolder folder, RocksDatabase source)
    {
        try
        {
            return FolderCheck.GroupOf(folder, source);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or RocksException)
        {
            return null;
        }
    }

    // A table that is missing makes everything unreadable, unless the manifest is written anew.
    private static bool CanRead(RocksDatabase source)
    {
        var isAny = false;
        RowWalk.Run(source, (_, _) => isAny = true, (_, _) => { });
        return isAny;
    }

    private static void Link(string from, string to)
    {
        Directory.CreateDirectory(to);
        if (!Directory.Exists(from)) return;
        foreach (var file in Directory.EnumerateFiles(from))
        {
            var name = Path.GetFileName(file);
            if (name is "LOCK" || name.StartsWith("LOG", StringComparison.Ordinal)) continue;
            var second = Path.Combine(to, name);
            if (!CLibrary.TryLink(file, second)) System.IO.File.Copy(file, second);
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }
}
