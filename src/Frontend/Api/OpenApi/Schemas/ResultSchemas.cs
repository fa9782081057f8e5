using Interactions.Contracts;
using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>What became of interactions.</summary>
internal static class ResultSchemas
{
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        yield return ("Result", Union("What became of one interaction.", "status", ("accepted", "Accepted"), ("rejected", "Rejected")));
        yield return ("Accepted", Object(
            "Durable and ordered.",
            ("status", Only("accepted")),
            ("id", Names.ItemId("A comment's id, to answer, pin or delete it by. Taps of one kind that were ordered together share one")),
            ("position", Names.Position("Where it was ordered"))));
        yield return ("Rejected", Object(
            "Not taken, and why.",
            ("status", Only("rejected")),
            ("code", RejectionCode()),
            ("retryAfterMs?", Whole("When the same could be accepted, in ms from now; absent = unknown or never", 1))));
        yield return ("Results", Object("What became of interactions, in their order.", ("results", List(See("Result"), null, 1, InteractionReader.MaxItems))));
    }

    public static OpenApiSchema RejectionCode() => Word(Meanings(), Decided().Select(code => code.Info().Name));

    // Those after them answer whole requests.
    private static IEnumerable<Code> Decided() => Enum.GetValues<Code>().Where(code => code is > Code.Accepted and < Code.BadRequest);

    private static string Meanings() => string.Join(" ", Decided().Select(code => $"`{code.Info().Name}`: {code.Info().Meaning}"));
}
