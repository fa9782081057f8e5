namespace Interactions.Engine;

/// <summary>Statistics of sorted values.</summary>
internal static class Sorted
{
    /// <summary>A value of sorted ones, or 0 where there are none.</summary>
    public static double Percentile(double[] sorted, double percent) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * percent / 100))];
}
