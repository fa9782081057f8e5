using System.Runtime.InteropServices;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>What .NET does not offer: it opens no directories, and makes no hard links.</summary>
internal static class CLibrary
{
    public const int WouldBlock = 11, MacWouldBlock = 35;

    private const int Exclusive = 2, NonBlocking = 4;

    /// <summary>A new file survives a power cut only when its directory is flushed too.</summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = OpenDirectory(path);
        try
        {
            if (Sync(descriptor) != 0) throw new IOException($"The folder {path} can't be flushed to disk.", Marshal.GetLastPInvokeError());
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <exception cref="IOException">It can't be opened; <see cref="Exception.HResult"/> is the errno.</exception>
    public static int OpenDirectory(string path)
    {
        const int closeOnExec = 0x80000, macCloseOnExec = 0x1000000;
        var descriptor = Open(path, OperatingSystem.IsMacOS() ? macCloseOnExec : closeOnExec);
        return descriptor >= 0 ? descriptor : throw new IOException($"The folder {path} can't be opened: {Marshal.GetLastPInvokeErrorMessage()}.", Marshal.GetLastPInvokeError());
    }

    /// <summary>Locks what is open for this process alone, until it is closed.</summary>
    /// <returns>0, or the errno.</returns>
    public static int TryLock(int descriptor) => Lock(descriptor, Exclusive | NonBlocking) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Gives a file a second name.</summary>
    public static bool TryLink(string path, string second) => !OperatingSystem.IsWindows() && Link(path, second) == 0;

    [DllImport("libc", EntryPoint = "close")]
    public static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static extern int Lock(int descriptor, int operation);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string second);
}
