using System.Globalization;

namespace Interactions.Engine;

/// <summary>Options of the form <c>--name number</c>.</summary>
internal sealed class Numbers
{
    private readonly Dictionary<string, int> _values = [];

    public int this[string name, int standard] => _values.GetValueOrDefault(name, standard);

    public static Numbers Parse(string[] args)
    {
        var numbers = new Numbers();
        for (var i = 0; i + 1 < args.Length; i += 2) numbers._values[args[i].TrimStart('-')] = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        return numbers;
    }

    /// <summary>A value of sorted ones, or 0 where there are none.</summary>
    public static double Percentile(double[] sorted, double percent) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * percent / 100))];
}
