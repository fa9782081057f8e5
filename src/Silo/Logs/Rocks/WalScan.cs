using System.Buffers.Binary;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// Finds the byte at which a write-ahead log of RocksDB is damaged, for the operator: RocksDB does not say it. The format is that of
/// db/log_format.h: blocks of 32 KB, in which no record crosses a block's end.
/// <code>[masked crc32c u32][length u16][type u8] (types 5–8, 11 and 131: [log number u32]) [length bytes]</code>
/// </summary>
internal static class WalScan
{
    private const int BlockBytes = 32 << 10, HeaderBytes = 7, RecyclableHeaderBytes = 11;

    /// <summary>The files of write-ahead logs, oldest first.</summary>
    public static IReadOnlyList<string> Files(string database) =>
        [.. Directory.EnumerateFiles(database, "*.log").Order(StringComparer.Ordinal)];

    /// <summary>The first record that is not as it was written; null if all are, up to a last one that is cut off.</summary>
    public static string? FindDamage(string database)
    {
        foreach (var path in Files(database))
        {
            if (FindIn(path) is { } at) return FormattableString.Invariant($"{path} is damaged at byte {at}.");
        }

        return null;
    }

    /// <summary>The same as a place: "byte 17 of PATH".</summary>
    public static string? FindFirst(string database)
    {
        foreach (var path in Files(database))
        {
            if (FindIn(path) is { } at) return FormattableString.Invariant($"byte {at} of {path}");
        }

        return null;
    }

    /// <summary>
    /// Whether only the end of the newest file is damaged: no record begins behind that byte. A power cut leaves that of a group that was
    /// being written, some of whose blocks reached the disk.
    /// </summary>
    /// <param name="where">The byte.</param>
    public static bool EndsTorn(string database, out string where)
    {
        var files = Files(database);
        where = "";
        for (var i = 0; i < files.Count; i++)
        {
            if (FindIn(files[i]) is not { } at) continue;
            where = FormattableString.Invariant($"byte {at} of {files[i]}");
            return i == files.Count - 1 && !BeginsBehind(files[i], at);
        }

        return false;
    }

    private static bool BeginsBehind(string path, long damaged)
    {
        using var file = System.IO.File.OpenRead(path);
        var block = new byte[BlockBytes];
        var blockAt = damaged - (damaged % BlockBytes);
        file.Position = blockAt;
        for (; ; blockAt += BlockBytes)
        {
            var length = file.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false);

            // Where lengths can't be trusted, a record may begin at any byte.
            for (var at = (int)Math.Max(0, damaged + 1 - blockAt); at + HeaderBytes < length; at++)
            {
                if (block[at + 6] is 1 or 2 or 5 or 6 && IsSound(block.AsSpan(0, length), at, out _)) return true;
            }

            if (length < BlockBytes) return false;
        }
    }

    private static bool IsSound(ReadOnlySpan<byte> block, int at, out int end)
    {
        var type = block[at + 6];
        var header = type is >= 5 and <= 8 or 11 or 131 ? RecyclableHeaderBytes : HeaderBytes;
        end = at + header + BinaryPrimitives.ReadUInt16LittleEndian(block[(at + 4)..]);
        if (end > block.Length) return false;
        var crc = Crc32C.Compute(block[(at + 6)..end]);
        return BinaryPrimitives.ReadUInt32LittleEndian(block[at..]) == unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
    }

    private static long? FindIn(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        var block = new byte[BlockBytes];
        for (var blockAt = 0L; ; blockAt += BlockBytes)
        {
            var length = file.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false);
            for (var at = 0; at + HeaderBytes <= length;)
            {
                if (block.AsSpan(at + 4, 3).IndexOfAnyExcept((byte)0) < 0) break; // room that was set aside
                if (!IsSound(block.AsSpan(0, length), at, out var end)) return end > length && length < BlockBytes ? null : blockAt + at;
                at = end;
            }

            if (length < BlockBytes) return null;
        }
    }
}
