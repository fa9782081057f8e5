using System.Text.Json;
using System.Text.RegularExpressions;

namespace Interactions.Tests.Docs;

/// <summary>
/// Compares an answer with the one that a page shows. Positions, ids of comments, tokens and times may differ, and so may
/// fields named here that count what a moment decides; <c>…</c> in the page stands for the rest of a text, of an object or of a list.
/// </summary>
internal static partial class Likeness
{
    private const string Rest = "…";
    private const double EarliestTime = 1e12;
    private static readonly string[] OfTheMoment = ["mean", "retryAfterMs", "slowModeWaitMs"];

    /// <summary>What differs, each with its place.</summary>
    public static List<string> Differences(JsonElement shown, JsonElement real, string at = "$")
    {
        var found = new List<string>();
        Compare(shown, real, at, found);
        return found;
    }

    /// <summary>Line by line; a line <c>…</c> skips any number of lines. A line may be JSON, of an event stream too.</summary>
    public static List<string> Differences(string shown, string real)
    {
        var lines = (real.EndsWith('\n') ? real[..^1] : real).Split('\n');
        var next = 0;
        var maySkip = false;
        var found = new List<string>();
        foreach (var line in shown.TrimEnd('\n').Split('\n'))
        {
            if (line == Rest)
            {
                maySkip = true;
                continue;
            }

            var place = next;
            while (maySkip && place < lines.Length && Line(line, lines[place]).Count > 0) place++;
            if (place >= lines.Length) return [.. found, $"nothing like: {line}"];
            found.AddRange(Line(line, lines[place]));
            next = place + 1;
            maySkip = false;
        }

        if (!maySkip && next < lines.Length) found.Add($"not shown: {lines[next]}");
        return found;
    }

    private static List<string> Line(string shown, string real)
    {
        var json = shown.StartsWith("data: {", StringComparison.Ordinal) ? "data: ".Length : shown.StartsWith('{') ? 0 : -1;
        if (json < 0 || real.Length <= json || real[json] != '{') return Text(shown, real) ? [] : [$"shown: {shown}, answered: {real}"];
        if (shown[..json] != real[..json]) return [$"shown: {shown}, answered: {real}"];
        return Differences(JsonSerializer.Deserialize<JsonElement>(shown[json..]), JsonSerializer.Deserialize<JsonElement>(real[json..]), shown[..json]);
    }

    private static void Compare(JsonElement shown, JsonElement real, string at, List<string> found)
    {
        if (shown.ValueKind == JsonValueKind.Object && real.ValueKind == JsonValueKind.Object)
        {
            var open = shown.TryGetProperty(Rest, out _);
            foreach (var field in shown.EnumerateObject().Where(field => field.Name != Rest))
            {
                if (!real.TryGetProperty(field.Name, out var value)) found.Add($"{at}.{field.Name} is not answered");
                else if (!OfTheMoment.Contains(field.Name) || value.ValueKind != JsonValueKind.Number) Compare(field.Value, value, $"{at}.{field.Name}", found);
            }

            if (!open) found.AddRange(real.EnumerateObject().Where(field => !shown.TryGetProperty(field.Name, out _)).Select(field => $"{at}.{field.Name} is not shown"));
        }
        else if (shown.ValueKind == JsonValueKind.Array && real.ValueKind == JsonValueKind.Array)
        {
            var items = shown.EnumerateArray().ToList();
            var open = items.Count > 0 && items[^1].ValueKind == JsonValueKind.String && items[^1].GetString() == Rest;
            if (open) items.RemoveAt(items.Count - 1);
            if (open ? real.GetArrayLength() < items.Count : real.GetArrayLength() != items.Count) found.Add($"{at} has {real.GetArrayLength()} items");
            else for (var i = 0; i < items.Count; i++) Compare(items[i], real[i], $"{at}[{i}]", found);
        }
        else if (!Same(shown, real))
        {
            found.Add($"{at}: shown {shown}, answered {real}");
        }
    }

    private static bool Same(JsonElement shown, JsonElement real) =>
        shown.ValueKind == real.ValueKind && shown.ValueKind switch
        {
            JsonValueKind.String => Text(shown.GetString()!, real.GetString()!),
            JsonValueKind.Number => shown.GetDouble() == real.GetDouble() || (shown.GetDouble() > EarliestTime && real.GetDouble() > EarliestTime),
            _ => true,
        };

    private static bool Text(string shown, string real)
    {
        if (shown.EndsWith(Rest, StringComparison.Ordinal)) return real.StartsWith(shown[..^Rest.Length], StringComparison.Ordinal);
        return shown == real || Masked(shown) == Masked(real);
    }

    private static string Masked(string text) => OfThisRun().Replace(text, "$1*");

    // Positions and ids; the delay that an event stream asks for; the value of a metric.
    [GeneratedRegex(@"^((?:id: )?)[0-9a-z]+\.\d+(?:\.\d+)?$|^(retry: )\d+$|^([a-z_]+ )[0-9.]+$")]
    private static partial Regex OfThisRun();
}
