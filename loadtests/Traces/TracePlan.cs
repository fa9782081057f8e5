namespace Interactions.LoadTests.Traces;

/// <summary>
/// What a trace becomes when played: each comment with its made-up text and key, and reactions around it, from
/// people who wrote lately. Fixed before the run, so that load never depends on answers, and the same for the same seed.
/// </summary>
internal static class TracePlan
{
    /// <summary>Reactions come up to this long after the comment, in the trace's time.</summary>
    private const int ReactWithinMs = 3000;

    private const int Audience = 200;
    private const int MostTaps = 3;

    public static IReadOnlyList<PlannedSend> Make(IReadOnlyList<TraceRow> rows, double speed, int reactionsPerComment, IReadOnlyList<string> kinds, int seed)
    {
        var random = new Random(seed);
        var plan = new List<(double Ms, PlannedSend Send)>(rows.Count * (1 + reactionsPerComment));
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            Add(row.AtMs, row.Author, MixedText.OfLength(row.Utf8Bytes, random), $"c-{i}", null, 0);
            for (var r = 0; r < reactionsPerComment; r++)
            {
                var author = rows[random.Next(Math.Max(0, i - Audience), i + 1)].Author;
                Add(row.AtMs + random.Next(ReactWithinMs), author, null, null, kinds[random.Next(kinds.Count)], random.Next(1, MostTaps + 1));
            }
        }

        return [.. plan.OrderBy(p => p.Ms).Select(p => p.Send)];

        void Add(double ms, int author, string? text, string? key, string? kind, int count) =>
            plan.Add((ms, new PlannedSend(TimeSpan.FromMilliseconds(ms / speed), author, text, key, kind, count)));
    }
}
