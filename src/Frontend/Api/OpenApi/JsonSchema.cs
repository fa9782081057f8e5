using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Interactions.Frontend.Api.OpenApi;

/// <summary>Short words for the schemas of JSON (JSON Schema 2020-12, as in OpenAPI 3.1).</summary>
internal static class JsonSchema
{
    /// <param name="least">In Unicode code points.</param>
    /// <param name="most">In Unicode code points.</param>
    public static OpenApiSchema Text(string? what = null, int? least = null, int? most = null, string? pattern = null) => new()
    {
        Type = JsonSchemaType.String, Description = what, MinLength = least, MaxLength = most, Pattern = pattern,
    };

    /// <summary>One of some words.</summary>
    public static OpenApiSchema Word(string? what, params IEnumerable<string> words) => new()
    {
        Type = JsonSchemaType.String, Description = what, Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word))],
    };

    /// <summary>Always this word.</summary>
    public static OpenApiSchema Only(string word) => new() { Type = JsonSchemaType.String, Const = word };

    public static OpenApiSchema Whole(string? what = null, long? least = null, long? most = null, long? standard = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Description = what,
        Minimum = least?.ToString(CultureInfo.InvariantCulture),
        Maximum = most?.ToString(CultureInfo.InvariantCulture),
        Default = standard is { } value ? JsonValue.Create(value) : null,
    };

    public static OpenApiSchema Number(string? what = null, long? least = null) => new()
    {
        Type = JsonSchemaType.Number, Description = what, Minimum = least?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A moment, as the protocol writes it.</summary>
    public static OpenApiSchema Time(string what) => Whole(what + " (ms since 1970, UTC)", 0);

    public static OpenApiSchema Flag(string? what = null) => new() { Type = JsonSchemaType.Boolean, Description = what };

    public static OpenApiSchema List(IOpenApiSchema of, string? what = null, int? fewest = null, int? most = null) => new()
    {
        Type = JsonSchemaType.Array, Items = of, Description = what, MinItems = fewest, MaxItems = most,
    };

    /// <summary>An object whose names are data: <c>{"like":7,"wow":2}</c>.</summary>
    public static OpenApiSchema Map(IOpenApiSchema of, string? what = null) => new()
    {
        Type = JsonSchemaType.Object, AdditionalProperties = of, Description = what,
    };

    /// <summary>An object; a name that ends in <c>?</c> may be absent.</summary>
    public static OpenApiSchema Object(string? what, params IEnumerable<(string Name, IOpenApiSchema Schema)> fields)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = what,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = new HashSet<string>(),
        };
        foreach (var (name, field) in fields)
        {
            schema.Properties[name.TrimEnd('?')] = field;
            if (!name.EndsWith('?')) schema.Required.Add(name);
        }

        if (schema.Required.Count == 0) schema.Required = null;
        return schema;
    }

    /// <summary>This, or null.</summary>
    public static OpenApiSchema OrNull(OpenApiSchema schema)
    {
        schema.Type |= JsonSchemaType.Null;
        return schema;
    }

    /// <summary>What a component describes, or null.</summary>
    public static OpenApiSchema OrNull(OpenApiSchemaReference component, string? what = null) => new()
    {
        OneOf = [component, new OpenApiSchema { Type = JsonSchemaType.Null }], Description = what,
    };

    /// <summary>Any JSON value.</summary>
    public static OpenApiSchema Anything(string what) => new() { Description = what };

    /// <summary>A component of the document.</summary>
    public static OpenApiSchemaReference See(string component) => new(component);

    /// <summary>One of several components, told apart by the word in a field.</summary>
    public static OpenApiSchema Union(string what, string field, params IEnumerable<(string Word, string Component)> cases)
    {
        var schema = new OpenApiSchema { Description = what, OneOf = [] };
        var mapping = new Dictionary<string, OpenApiSchemaReference>();
        foreach (var (word, component) in cases)
        {
            schema.OneOf.Add(See(component));
            mapping[word] = See(component);
        }

        schema.Discriminator = new OpenApiDiscriminator { PropertyName = field, Mapping = mapping };
        return schema;
    }
}
