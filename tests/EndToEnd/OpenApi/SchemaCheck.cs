using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Interactions.Tests.EndToEnd.OpenApi;

/// <summary>
/// Holds JSON to the schemas of an OpenAPI document, as far as that document uses JSON Schema. Stricter in one thing:
/// a field that no schema names is a fault, for it is one that nobody described.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    /// <summary>What is wrong, each with its place; nothing when the value is as described.</summary>
    public List<string> Faults(JsonElement value, string component)
    {
        var faults = new List<string>();
        Check(value, document.GetProperty("components").GetProperty("schemas").GetProperty(component), component, faults);
        return faults;
    }

    /// <summary>Whether the operation describes this answer, and what its body has wrong.</summary>
    public List<string> Faults(string path, string method, int status, string mediaType, JsonElement body)
    {
        if (!document.GetProperty("paths").TryGetProperty(path, out var item)
            || !item.GetProperty(method).GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var response))
            return [$"{method} {path} is not described to answer {status}"];
        if (!response.TryGetProperty("content", out var content)) return body.ValueKind == JsonValueKind.Undefined ? [] : [$"{method} {path} {status} has a body"];
        if (!content.TryGetProperty(mediaType, out var media)) return [$"{method} {path} {status} is not described as {mediaType}"];
        var faults = new List<string>();
        Check(body, media.GetProperty("schema"), $"{method} {path} {status}", faults);
        return faults;
    }

    private void Check(JsonElement value, JsonElement schema, string at, List<string> faults)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var cases))
        {
            var tried = cases.EnumerateArray().Select(one =>
            {
                var found = new List<string>();
                Check(value, one, at, found);
                return found;
            }).ToList();
            var fitting = tried.Count(found => found.Count == 0);
            if (fitting != 1) faults.Add($"{at} fits {fitting} of {tried.Count} schemas: {string.Join(" | ", tried.SelectMany(found => found).Distinct().Take(8))}");
            return;
        }

        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(name => Is(value, name)))
        {
            faults.Add($"{at} is {value.ValueKind}, not {type}");
            return;
        }

        if (schema.TryGetProperty("const", out var only) && value.ToString() != only.GetString()) faults.Add($"{at} is {value}, not {only}");
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => word.ToString() == value.ToString())) faults.Add($"{at}: {value} is not named");
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: Fields(value, schema, at, faults); break;
            case JsonValueKind.Array: Items(value, schema, at, faults); break;
            case JsonValueKind.String:
                var text = value.GetString()!;
                Bounds(text.EnumerateRunes().Count(), schema, "minLength", "maxLength", at, faults);
                if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!)) faults.Add($"{at}: {text} is not of the pattern {pattern}");
                break;
            case JsonValueKind.Number: Bounds(value.GetDouble(), schema, "minimum", "maximum", at, faults); break;
        }
    }

    private void Fields(JsonElement value, JsonElement schema, string at, List<string> faults)
    {
        if (schema.TryGetProperty("required", out var required))
            faults.AddRange(required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at} has no {name}"));
        if (!schema.TryGetProperty("type", out _)) return; // any JSON value
        foreach (var field in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(field.Name, out var known))
                Check(field.Value, known, $"{at}.{field.Name}", faults);
            else if (schema.TryGetProperty("additionalProperties", out var any) && any.ValueKind == JsonValueKind.Object)
                Check(field.Value, any, $"{at}.{field.Name}", faults);
            else
                faults.Add($"{at}.{field.Name} is not described");
        }
    }

    private void Items(JsonElement value, JsonElement schema, string at, List<string> faults)
    {
        Bounds(value.GetArrayLength(), schema, "minItems", "maxItems", at, faults);
        if (!schema.TryGetProperty("items", out var items)) return;
        var index = 0;
        foreach (var one in value.EnumerateArray()) Check(one, items, $"{at}[{index++}]", faults);
    }

    private JsonElement Resolve(JsonElement schema)
    {
        while (schema.TryGetProperty("$ref", out var reference))
        {
            var place = document;
            foreach (var name in reference.GetString()!.Split('/').Skip(1)) place = place.GetProperty(name);
            schema = place;
        }

        return schema;
    }

    private static void Bounds(double value, JsonElement schema, string least, string most, string at, List<string> faults)
    {
        if (schema.TryGetProperty(least, out var low) && value < low.GetDouble()) faults.Add($"{at}: {value} is under {least} {low}");
        if (schema.TryGetProperty(most, out var high) && value > high.GetDouble()) faults.Add($"{at}: {value} is over {most} {high}");
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool Is(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };
}
