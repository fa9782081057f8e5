using System.Globalization;
using System.Numerics;
using System.Text;

namespace Interactions.LoadTests.Measuring;

/// <summary>
/// Durations in microseconds, counted in log-linear buckets: each power of two is cut into 64, so any value is
/// known to 1.6 %, from 1 µs to 19 h, in 16 KB. After HdrHistogram (hdrhistogram.org). One writer; merge to combine.
/// </summary>
/// <remarks>
/// <code>
/// value         0…63    64…127   128…255   256…511  …
/// width of one   1        1         2         4     …
/// bucket        0…63    64…127   128…191   192…255  …
/// </code>
/// </remarks>
internal sealed class Histogram
{
    private const int SubBits = 6;
    private const int SubCount = 1 << SubBits;
    private const int MaxBits = 36;

    private readonly long[] _buckets = new long[(MaxBits - SubBits + 1) * SubCount];

    public long Count { get; private set; }

    public long MaxMicroseconds { get; private set; }

    public void Record(TimeSpan duration) => Record((long)duration.TotalMicroseconds);

    /// <summary>Below 0 (two clocks that disagree) counts as 0, above the range as the range's end.</summary>
    public void Record(long microseconds)
    {
        var value = Math.Clamp(microseconds, 0, (1L << MaxBits) - 1);
        _buckets[IndexOf(value)]++;
        Count++;
        MaxMicroseconds = Math.Max(MaxMicroseconds, value);
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < _buckets.Length; i++) _buckets[i] += other._buckets[i];
        Count += other.Count;
        MaxMicroseconds = Math.Max(MaxMicroseconds, other.MaxMicroseconds);
    }

    public void Clear()
    {
        Array.Clear(_buckets);
        Count = 0;
        MaxMicroseconds = 0;
    }

    /// <summary>As text to another process: <c>MAX index:count index:count …</c> of the buckets that hold something.</summary>
    public string ToSparse()
    {
        var text = new StringBuilder().Append(MaxMicroseconds);
        for (var i = 0; i < _buckets.Length; i++)
        {
            if (_buckets[i] > 0) text.Append(CultureInfo.InvariantCulture, $" {i}:{_buckets[i]}");
        }

        return text.ToString();
    }

    public static Histogram FromSparse(string text)
    {
        var histogram = new Histogram();
        var parts = text.Split(' ');
        histogram.MaxMicroseconds = long.Parse(parts[0], CultureInfo.InvariantCulture);
        foreach (var part in parts.AsSpan(1))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var count = long.Parse(part.AsSpan(colon + 1), CultureInfo.InvariantCulture);
            histogram._buckets[int.Parse(part.AsSpan(0, colon), CultureInfo.InvariantCulture)] += count;
            histogram.Count += count;
        }

        return histogram;
    }

    public static Histogram Sum(IEnumerable<Histogram> parts)
    {
        var sum = new Histogram();
        foreach (var part in parts) sum.Add(part);
        return sum;
    }

    /// <summary>The value that this share of all values does not exceed (nearest rank, the bucket's upper end); 0 when empty.</summary>
    public long PercentileMicroseconds(double percent)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long below = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            below += _buckets[i];
            if (below >= rank) return Math.Min(UpperEndOf(i), MaxMicroseconds);
        }

        return MaxMicroseconds;
    }

    private static int IndexOf(long value)
    {
        if (value < SubCount) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift * SubCount) + (int)(value >> shift);
    }

    private static long UpperEndOf(int index)
    {
        if (index < SubCount) return index;
        var shift = (index / SubCount) - 1;
        var sub = index - (shift * SubCount);
        return ((sub + 1L) << shift) - 1;
    }
}
