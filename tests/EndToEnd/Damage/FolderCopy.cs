using System.Security.Cryptography;

namespace Interactions.Tests.EndToEnd.Damage;

/// <summary>A copy of a data folder, to be damaged. Disposing removes it.</summary>
internal sealed class FolderCopy : IDisposable
{
    private readonly byte[] _earlierMark;

    public FolderCopy(string from, byte[] earlierMark)
    {
        _earlierMark = earlierMark;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("interactions-damaged-").FullName;

    public string Mark => System.IO.Path.Combine(Path, "log.mark");

    public string Log => System.IO.Path.Combine(Path, "log");

    public string Wal => Newest("*.log");

    public string Table => Newest("*.sst");

    public string OlderTable => Directory.GetFiles(Log, "*.sst").Order(StringComparer.Ordinal).First();

    public string Newest(string pattern) => Directory.GetFiles(Log, pattern).Order(StringComparer.Ordinal).Last();

    /// <summary>The mark that stood there before the last comment: as if the service had died before it could tell anybody of that.</summary>
    public void PutBackMark() => File.WriteAllBytes(Mark, _earlierMark);

    /// <summary>Where in a file it says something first.</summary>
    public static long Find(string path, string text) => File.ReadAllBytes(path).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text));

    public static string Flip(string path, long at)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = at < 0 ? file.Length + at : at;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
        return path;
    }

    /// <param name="length">That is left; less than 0: from the end; null: half of it.</param>
    public static string Cut(string path, long? length = null)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.Write);
        file.SetLength(length is null ? file.Length / 2 : length < 0 ? file.Length + length.Value : length.Value);
        return path;
    }

    public static string Remove(string path)
    {
        File.Delete(path);
        return path;
    }

    public static string Swap(string one, string other)
    {
        var aside = one + ".aside";
        File.Move(one, aside);
        File.Move(other, one);
        File.Move(aside, other);
        return one;
    }

    /// <summary>What is stored, without the database's own notes.</summary>
    public Dictionary<string, string> Contents() => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
        .Where(file => !System.IO.Path.GetFileName(file).StartsWith("LO", StringComparison.Ordinal))
        .ToDictionary(file => file, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
