using System.Globalization;
using System.Net;
using System.Text;

namespace Interactions.LoadTests.Running;

/// <summary>One curve over a range that begins at 0 on the y axis, as SVG.</summary>
internal sealed class SvgChart
{
    private const double Width = 480;
    private const double Height = 170;
    private const double Left = 52;
    private const double Bottom = 150;
    private const double Top = 8;
    private const double Right = 470;

    private readonly StringBuilder _svg = new();
    private readonly double _fromX;
    private readonly double _toX;
    private readonly double _mostY;

    public SvgChart(string title, double fromX, double toX, double mostY)
    {
        (_fromX, _toX, _mostY) = (fromX, Math.Max(toX, fromX + 1e-9), Round(mostY));
        _svg.Append(CultureInfo.InvariantCulture, $"<figure style=\"margin:0\"><h2>{WebUtility.HtmlEncode(title)}</h2><svg viewBox=\"0 0 {Width} {Height}\" role=img aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        for (var i = 0; i <= 4; i++)
        {
            var value = _mostY * i / 4;
            _svg.Append(CultureInfo.InvariantCulture, $"<line class=grid x1={Left} x2={Right} y1={Y(value):0.#} y2={Y(value):0.#} /><text x={Left - 6} y={Y(value) + 4:0.#} text-anchor=end>{value:#,0.##}</text>");
        }
    }

    public void MarkX(double x, string label) =>
        _svg.Append(CultureInfo.InvariantCulture, $"<text x={X(x):0.#} y={Height - 4} text-anchor={(X(x) > Right - 20 ? "end" : "middle")}>{WebUtility.HtmlEncode(label)}</text>");

    /// <param name="widestGap">Two points that are further apart are not joined: between them nothing was measured.</param>
    public string Draw(IReadOnlyList<(double X, double Y)> points, double widestGap = double.PositiveInfinity)
    {
        var from = 0;
        for (var i = 1; i <= points.Count; i++)
        {
            if (i < points.Count && points[i].X - points[i - 1].X <= widestGap) continue;
            var line = string.Join(' ', points.Take(from..i).Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.#},{Y(p.Y):0.#}")));
            _svg.Append(CultureInfo.InvariantCulture, $"<polyline class=curve points=\"{line}\" />");
            from = i;
        }

        return _svg.Append("</svg></figure>").ToString();
    }

    private double X(double x) => Left + ((x - _fromX) / (_toX - _fromX) * (Right - Left));

    private double Y(double y) => Bottom - (y / _mostY * (Bottom - Top));

    /// <summary>The next 1, 2, 4 or 8 times a power of ten, so that quarters of it are round.</summary>
    private static double Round(double most)
    {
        if (most <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        foreach (var step in (ReadOnlySpan<double>)[1, 2, 4, 8])
        {
            if (most <= step * power) return step * power;
        }

        return 10 * power;
    }
}
