using System.Globalization;
using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Measuring;

/// <summary>
/// A server's use of processor and memory as the kernel counts it (proc(5)); several processes are added up.
/// Linux and this machine only.
/// </summary>
internal sealed class ServerProcess(IReadOnlyList<int> ids, bool named = false)
{
    /// <summary>USER_HZ, fixed by the kernel's interface.</summary>
    private const double TicksPerSecond = 100;

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public IReadOnlyList<int> Ids => ids;

    /// <summary>Whether the process that was named, or each that listened, still runs.</summary>
    public bool IsAlive => named ? Runs(ids[0]) : ids.All(Runs);

    /// <summary>The process, with its children, or whoever listens at the addresses' ports on this machine; null when it can't be told.</summary>
    /// <exception cref="UsageException">There is no such process.</exception>
    public static ServerProcess? Find(int? pid, IEnumerable<Uri> addresses)
    {
        if (pid is { } id) return Runs(id) ? new ServerProcess([id, .. Descendants(id)], named: true) : throw new UsageException($"--pid {id}: there is no such process.");
        var found = addresses.Where(a => a.IsLoopback).SelectMany(a => Listening(a.Port)).Distinct().ToArray();
        return found.Length > 0 ? new ServerProcess(found) : null;
    }

    public double ProcessorSeconds() => ids.Sum(id =>
    {
        // Fields are counted after the name, which may hold spaces; utime and stime are the 14th and 15th.
        var stat = Read(id, "stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length > 12 ? (Number(fields[11]) + Number(fields[12])) / TicksPerSecond : 0;
    });

    public double ResidentBytes() => ids.Sum(id =>
    {
        var status = Read(id, "status");
        var at = status.IndexOf("VmRSS:", StringComparison.Ordinal);
        return at < 0 ? 0 : Number(status[(at + 6)..status.IndexOf("kB", at, StringComparison.Ordinal)]) * 1024;
    });

    private static IEnumerable<int> Descendants(int id)
    {
        foreach (var child in Read(id, $"task/{id}/children", "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var number = (int)Number(child);
            yield return number;
            foreach (var deeper in Descendants(number)) yield return deeper;
        }
    }

    private static List<int> Listening(int port)
    {
        const string Listens = "0A";
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        var inodes = Tables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 9 && f[3] == Listens && f[1].EndsWith(suffix, StringComparison.Ordinal))
            .Select(f => $"socket:[{f[9]}]").ToHashSet();
        if (inodes.Count == 0) return [];
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture)).Where(id => Holds(id, inodes))];
    }

    private static bool Holds(int id, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{id}/fd").Any(f => File.ResolveLinkTarget(f, false)?.Name is { } name && inodes.Contains(name));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>One that has ended stays as a zombie (Z) until its parent has asked for it.</summary>
    private static bool Runs(int id)
    {
        var stat = Read(id, "stat", "");
        return stat.Length > 0 && stat[(stat.LastIndexOf(')') + 2)..] is not (['Z', ..] or ['X', ..]);
    }

    private static string Read(int id, string file, string otherwise = ") ")
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (IOException)
        {
            return otherwise;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
