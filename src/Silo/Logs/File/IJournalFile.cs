using Microsoft.Win32.SafeHandles;

namespace Interactions.Silo.Logs.File;

/// <summary>What the writer does to the active segment; the place where tests put a disk that fails.</summary>
internal interface IJournalFile
{
    void Write(ReadOnlySpan<byte> bytes, long offset);

    void FlushToDisk();

    void Truncate(long length);
}

internal sealed class JournalFile(SafeFileHandle handle) : IJournalFile
{
    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    public void FlushToDisk() => RandomAccess.FlushToDisk(handle);

    public void Truncate(long length) => RandomAccess.SetLength(handle, length);
}
