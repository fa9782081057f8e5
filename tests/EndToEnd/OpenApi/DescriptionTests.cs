using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Microsoft.OpenApi;
using Xunit;

namespace Interactions.Tests.EndToEnd.OpenApi;

/// <summary><c>/openapi/v1.json</c>, and its copy in docs/.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DescriptionTests(RunningService running)
{
    [Fact]
    public async Task The_copy_in_docs_is_what_the_service_serves()
    {
        var copy = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "openapi.json"));
        Assert.True(
            copy == await ServedAsync(),
            "docs/openapi.json is old. With the service running (./run.sh): curl -s http://127.0.0.1:5080/openapi/v1.json > docs/openapi.json");
    }

    [Fact]
    public async Task The_description_is_valid_OpenAPI_without_errors_or_warnings()
    {
        var (document, diagnostic) = OpenApiDocument.Parse(await ServedAsync(), OpenApiConstants.Json);

        Assert.NotNull(document);
        Assert.NotNull(diagnostic);
        Assert.Empty(diagnostic.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        var operations = document.Paths.SelectMany(path => path.Value.Operations!.Values).ToList();
        Assert.All(operations, operation => Assert.False(string.IsNullOrEmpty(operation.Summary)));
        Assert.Equal(operations.Count, operations.Select(operation => operation.OperationId).Distinct().Count());
    }

    [Fact]
    public async Task Every_reference_in_it_leads_somewhere_and_every_schema_is_described()
    {
        var json = JsonSerializer.Deserialize<JsonElement>(await ServedAsync());
        var schemas = json.GetProperty("components").GetProperty("schemas");
        foreach (var reference in References(json).Distinct())
        {
            var place = json;
            foreach (var name in reference.Split('/').Skip(1)) Assert.True(place.TryGetProperty(name, out place), $"{reference} leads nowhere");
        }

        Assert.All(schemas.EnumerateObject(), schema => Assert.True(schema.Value.TryGetProperty("description", out _), $"{schema.Name} has no description"));
    }

    private async Task<string> ServedAsync()
    {
        using var http = new HttpClient { BaseAddress = running.Process.Address };
        using var answer = await http.GetAsync("openapi/v1.json");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync();
    }

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(field =>
            field.Name == "$ref" || (field.Value.ValueKind == JsonValueKind.String && field.Value.GetString()!.StartsWith("#/", StringComparison.Ordinal))
                ? [field.Value.GetString()!]
                : References(field.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
