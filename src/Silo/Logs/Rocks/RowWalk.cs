namespace Interactions.Silo.Logs.Rocks;

/// <summary>Goes through the rows of all streams of a damaged database, around what can't be read.</summary>
internal static class RowWalk
{
    private const int LongestJump = 1 << 20;

    /// <param name="database">Open for reading.</param>
    /// <param name="row">Is given each row's key and value, in order.</param>
    /// <param name="gap">Is given the keys before and behind what can't be read; an empty one is the beginning or the end.</param>
    public static void Run(RocksDatabase database, Action<byte[], byte[]> row, Action<byte[], byte[]> gap)
    {
        byte[] last = [];
        var from = RocksKeys.FirstStream.ToArray();
        while (true)
        {
            try
            {
                using var cursor = database.Read();
                for (var found = cursor.Seek(from); found; found = cursor.Next())
                {
                    last = cursor.Key.ToArray();
                    row(last, cursor.Value.ToArray());
                }

                return;
            }
            catch (RocksException)
            {
                var next = Behind(database, last);
                gap(last, next);
                if (next.Length == 0) return;
                from = next;
            }
        }
    }

    /// <summary>The first key behind the damage that can be read; empty if there is none.</summary>
    private static byte[] Behind(RocksDatabase database, byte[] last)
    {
        foreach (var key in Guesses(last))
        {
            try
            {
                using var cursor = database.Read();
                if (!cursor.Seek(key)) return [];
                return cursor.Key.ToArray();
            }
            catch (RocksException)
            {
                // Still within it.
            }
        }

        return [];
    }

    // Ever farther away: later entries of the stream, then other streams.
    private static IEnumerable<byte[]> Guesses(byte[] last)
    {
        var length = 0;
        if (RocksKeys.StreamOf(last, out var kind) is { } stream)
        {
            if (kind == RowKind.Entry)
            {
                for (var jump = 1; jump <= LongestJump; jump *= 2)
                    yield return RocksKeys.Entry(stream, RocksKeys.BirthOf(last), RocksKeys.OffsetOf(last) + jump, new byte[RocksKeys.MaxBytes]).ToArray();
            }
            else
            {
                yield return RocksKeys.Snapshot(stream, "", 0, new byte[RocksKeys.MaxBytes]).ToArray();
                yield return RocksKeys.Entry(stream, "", 0, new byte[RocksKeys.MaxBytes]).ToArray();
            }

            yield return RocksKeys.After(stream, new byte[RocksKeys.MaxBytes]).ToArray();
            for (var at = stream.Length; at > 0; at--)
            {
                var name = stream[..(at - 1)] + (char)(stream[at - 1] + 1);
                yield return [.. RocksKeys.FirstStream, (byte)stream.Length, .. name.Select(static letter => (byte)letter)];
            }

            length = stream.Length;
        }

        while (++length <= LogRules.MaxNameLength) yield return [.. RocksKeys.FirstStream, (byte)length];
    }
}
