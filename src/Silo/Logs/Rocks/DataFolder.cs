namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The log's folder, for this process alone: the folder itself is locked, not a file in it that somebody could remove. The operating system
/// lets go of it when the process ends, however it ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly int _descriptor;

    private DataFolder(string path, int descriptor) => (Path, _descriptor) = (path, descriptor);

    public string Path { get; }

    /// <summary>The folder of the database.</summary>
    public string Database => DatabaseIn(Path);

    /// <exception cref="LogRefusedException">It can't be used.</exception>
    public static DataFolder Take(string path)
    {
        try
        {
            path = System.IO.Path.GetFullPath(path);
            if (System.IO.File.Exists(path)) throw new LogRefusedException($"{path} is a file: Log:Path has to name a folder.");
            Directory.CreateDirectory(path);
            if (Directory.EnumerateFiles(path, "journal-*.log").FirstOrDefault() is { } old) throw OfAnotherVersion(old, "earlier");
            return new DataFolder(path, OperatingSystem.IsWindows() ? -1 : Lock(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogRefusedException($"The log can't use the folder {path}: {e.Message} Log:Path names it.", e);
        }
    }

    /// <param name="path">What can't be read.</param>
    /// <param name="which">An "earlier" or a "later" one.</param>
    public static LogRefusedException OfAnotherVersion(string path, string which) =>
        new($"{path} was written by {(which == "earlier" ? "an" : "a")} {which} version, whose log has another format, which this version can't read: set Log:Path to another folder, or move the old files away.");

    public static string DatabaseIn(string path) => System.IO.Path.Combine(path, "log");

    public void Dispose()
    {
        if (_descriptor >= 0) _ = CLibrary.Close(_descriptor);
    }

    // Where the file system knows no such lock, RocksDB's own file has to do.
    private static int Lock(string path)
    {
        var descriptor = CLibrary.OpenDirectory(path);

        // A process that is just being started holds whatever is open here, until it runs its own program.
        for (var tries = 0; tries < 20; tries++)
        {
            if (CLibrary.TryLock(descriptor) is not (CLibrary.WouldBlock or CLibrary.MacWouldBlock)) return descriptor;
            Thread.Sleep(25);
        }

        _ = CLibrary.Close(descriptor);
        throw new LogRefusedException(
            $"The log in {path} is in use by process {HolderOf(path)}. One folder serves one process: end that one, or set Log:Path to another folder.");
    }

    private static string HolderOf(string path)
    {
        try
        {
            return DurableMark.Read(path)?.Process.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return "unknown";
        }
    }
}
