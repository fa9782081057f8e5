using System.Globalization;
using System.Text;

namespace Interactions.Silo.Logs.File;

/// <summary>Keeps a second process out of a folder. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private const int LinuxWouldBlock = 11, MacWouldBlock = 35, WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="LogInUseException">Somebody else holds it.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "lock");
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            throw new LogInUseException(
                $"The log in {folder} is in use by process {HolderOf(path)}. One folder serves one process: end that one, or set Log:Path to another folder.", e);
        }

        try
        {
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
        }
        catch (Exception e) when (DiskErrors.IsFull(e))
        {
            // The lock holds without the number in it.
        }

        return new FolderLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string HolderOf(string path)
    {
        using var file = CLibrary.OpenLocked(path);
        var text = new byte[16];
        var length = file is null ? 0 : RandomAccess.Read(file, text, 0);
        return length == 0 ? "unknown" : Encoding.ASCII.GetString(text, 0, length);
    }
}
