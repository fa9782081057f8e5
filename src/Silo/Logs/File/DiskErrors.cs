namespace Interactions.Silo.Logs.File;

/// <summary>Tells a full disk from a broken one.</summary>
internal static class DiskErrors
{
    // errno on Unix; HRESULTs of ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
    private const int NoSpace = 28, QuotaExceeded = 122, FileTooBig = 27;
    private const int WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>.NET turns EFBIG into an <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static bool IsFull(Exception e) =>
        e is ArgumentOutOfRangeException or IOException
        {
            HResult: NoSpace or QuotaExceeded or FileTooBig or WindowsDiskFull or WindowsHandleDiskFull,
        };
}
