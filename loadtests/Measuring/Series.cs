using System.Text.Json.Nodes;

namespace Interactions.LoadTests.Measuring;

/// <summary>One quantity over the time of a run.</summary>
internal sealed class Series(string name, string unit)
{
    private readonly List<(double Second, double Value)> _points = [];

    public string Name => name;

    public string Unit => unit;

    public IReadOnlyList<(double Second, double Value)> Points => _points;

    public void Add(double second, double value) => _points.Add((second, value));

    /// <summary>How much it grows a second, by least squares over its second half; 0 with less than three points.</summary>
    public double SlopeOfSecondHalf()
    {
        var half = _points.Skip(_points.Count / 2).ToArray();
        if (half.Length < 3) return 0;
        var (meanX, meanY) = (half.Average(p => p.Second), half.Average(p => p.Value));
        var spread = half.Sum(p => (p.Second - meanX) * (p.Second - meanX));
        return spread == 0 ? 0 : half.Sum(p => (p.Second - meanX) * (p.Value - meanY)) / spread;
    }

    public JsonObject ToJson() => new()
    {
        ["name"] = name,
        ["unit"] = unit,
        ["points"] = new JsonArray([.. _points.Select(p => new JsonArray(Math.Round(p.Second, 2), Math.Round(p.Value, 3)))]),
    };
}
