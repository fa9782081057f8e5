using System.Globalization;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Observability;

/// <summary>One answer of <c>/metrics</c>.</summary>
internal sealed class Scrape(string text)
{
    private readonly Dictionary<string, double> _samples = text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    public string Text => text;

    /// <summary>What a query may name: of histograms also the series they are made of.</summary>
    public HashSet<string> Names { get; } = [.. text
        .Split('\n')
        .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
        .Select(line => line.Split(' '))
        .SelectMany(words => words[3] == "histogram" ? [words[2], words[2] + "_bucket", words[2] + "_sum", words[2] + "_count"] : new[] { words[2] })];

    public static async Task<Scrape> OfAsync(ServiceProcess service)
    {
        using var http = new HttpClient();
        return new Scrape(await http.GetStringAsync(new Uri(service.Address, "metrics")));
    }

    /// <summary>0 when there is no such series.</summary>
    public double Value(string series) => _samples.GetValueOrDefault(series);
}
