using System.Runtime.InteropServices;

namespace Interactions.Silo.Logs.File;

/// <summary>
/// A new file survives a power cut only when its directory is flushed too. .NET opens no directories,
/// so this asks the C library.
/// </summary>
internal static class Directories
{
    public static void FlushToDisk(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(path, 0);
        if (descriptor < 0) throw new IOException($"The folder {path} can't be opened.", Marshal.GetLastPInvokeError());
        try
        {
            if (Sync(descriptor) != 0) throw new IOException($"The folder {path} can't be flushed to disk.", Marshal.GetLastPInvokeError());
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
