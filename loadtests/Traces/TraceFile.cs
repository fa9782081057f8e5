using System.Globalization;

namespace Interactions.LoadTests.Traces;

/// <summary>CSV <c>ms,author,utf8_bytes</c>: a header, then one row a comment, in order of time.</summary>
internal static class TraceFile
{
    private const string Header = "ms,author,utf8_bytes";

    /// <exception cref="FormatException">Names the line that is not as it has to be.</exception>
    public static IReadOnlyList<TraceRow> Read(TextReader reader)
    {
        if (reader.ReadLine()?.Trim() != Header) throw new FormatException($"A trace begins with the line {Header}.");
        var rows = new List<TraceRow>();
        for (var number = 2; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var parts = line.Split(',');
            if (parts.Length != 3
                || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var author)
                || !int.TryParse(parts[2].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) || bytes == 0)
            {
                throw new FormatException($"Line {number} of the trace is not ms,author,utf8_bytes: {line}");
            }

            if (rows.Count > 0 && ms < rows[^1].AtMs) throw new FormatException($"Line {number} of the trace is earlier than the line before.");
            rows.Add(new TraceRow(ms, author, bytes));
        }

        return rows.Count > 0 ? rows : throw new FormatException("The trace has no rows.");
    }

    public static void Write(TextWriter writer, IEnumerable<TraceRow> rows)
    {
        writer.Write(Header + "\n");
        foreach (var row in rows) writer.Write(string.Create(CultureInfo.InvariantCulture, $"{row.AtMs},{row.Author},{row.Utf8Bytes}\n"));
    }
}
