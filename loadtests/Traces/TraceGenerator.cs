namespace Interactions.LoadTests.Traces;

/// <summary>
/// Makes up a trace that looks like a real chat: bursts after something happened, a few people who write a lot
/// and many who write once, mostly short texts. The same seed makes the same trace.
/// </summary>
internal static class TraceGenerator
{
    public static IReadOnlyList<TraceRow> Generate(int seed, int comments, int authors, TimeSpan length)
    {
        var random = new Random(seed);
        var total = (long)length.TotalMilliseconds;
        var bursts = Enumerable.Range(0, Math.Max(1, comments / 75)).Select(_ => random.NextInt64(total)).ToArray();
        var times = Enumerable.Range(0, comments).Select(_ => At(random, bursts, total)).Order().ToArray();

        // Numbered by first appearance, as in a recorded trace.
        var numbers = new Dictionary<int, int>();
        var rows = new List<TraceRow>(comments);
        foreach (var time in times)
        {
            var person = rows.Count < authors && random.Next(3) == 0 ? numbers.Count : Author(random, authors);
            if (!numbers.TryGetValue(person, out var number)) numbers[person] = number = numbers.Count;
            rows.Add(new TraceRow(time - times[0], number, Length(random)));
        }

        return rows;
    }

    /// <summary>Two of three comments belong to a burst and follow its beginning with an exponential delay of 6 s on average.</summary>
    private static long At(Random random, long[] bursts, long total)
    {
        if (random.Next(3) == 0) return random.NextInt64(total);
        var after = -Math.Log(1 - random.NextDouble()) * 6000;
        return Math.Min(total - 1, bursts[random.Next(bursts.Length)] + (long)after);
    }

    /// <summary>Squared, so that the first quarter of the people writes half of the comments.</summary>
    private static int Author(Random random, int authors)
    {
        var uniform = random.NextDouble();
        return (int)(uniform * uniform * authors);
    }

    /// <summary>Log-normal around 30 bytes, from 1 to 1,500.</summary>
    private static int Length(Random random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return (int)Math.Clamp(30 * Math.Exp(normal), 1, 1500);
    }
}
