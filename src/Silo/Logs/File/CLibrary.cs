using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Interactions.Silo.Logs.File;

/// <summary>What .NET does not offer.</summary>
internal static class CLibrary
{
    /// <summary>A new file survives a power cut only when its directory is flushed too; .NET opens no directories.</summary>
    public static void FlushDirectory(string path)
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

    /// <summary>Opens a file that another process has locked: .NET would ask for the lock. Null where that can't be.</summary>
    public static SafeFileHandle? OpenLocked(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        var descriptor = Open(path, 0);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
