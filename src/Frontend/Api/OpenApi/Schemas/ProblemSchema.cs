using Interactions.Contracts;
using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>Errors over HTTP.</summary>
internal static class ProblemSchema
{
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        var codes = Enum.GetValues<Code>().Where(code => code != Code.Accepted).Select(code => code.Info().Name).Distinct();
        yield return ("Problem", Object(
            "Problem details (RFC 9457) with a code.",
            ("type", Only("about:blank")),
            ("title", Text("The status in words")),
            ("status", Whole(null, 400, 599)),
            ("detail", Text("A sentence for people")),
            ("code", Word("What went wrong, for programs", codes))));
    }
}
