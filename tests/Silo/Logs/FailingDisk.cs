using Interactions.Silo.Logs.File;
using Microsoft.Win32.SafeHandles;

namespace Interactions.Tests.Silo.Logs;

/// <summary>A disk that can be full, or broken, half-way through a write. What did fit is really written.</summary>
internal sealed class FailingDisk
{
    public const int NoSpace = 28, BrokenDevice = 5;

    /// <summary>The errno that writes fail with; 0 = they work.</summary>
    public volatile int WriteError;

    /// <summary>As above, for flushes of what was written; a truncated file is flushed.</summary>
    public volatile int FlushError;

    public volatile bool TruncateFails;

    public IJournalFile Open(SafeFileHandle handle) => new File(this, new JournalFile(handle));

    private static IOException Error(int errno) => new("The disk fails.", errno);

    private sealed class File(FailingDisk disk, JournalFile inner) : IJournalFile
    {
        private bool _hasWritten;

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (disk.WriteError is not 0 and var errno)
            {
                inner.Write(bytes[..(bytes.Length / 2)], offset);
                throw Error(errno);
            }

            _hasWritten = true;
            inner.Write(bytes, offset);
        }

        public void FlushToDisk()
        {
            if (_hasWritten && disk.FlushError is not 0 and var errno) throw Error(errno);
            _hasWritten = false;
            inner.FlushToDisk();
        }

        public void Truncate(long length)
        {
            if (disk.TruncateFails) throw Error(BrokenDevice);
            _hasWritten = false;
            inner.Truncate(length);
        }
    }
}
