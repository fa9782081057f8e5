using Interactions.Contracts;
using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Operations;

/// <summary>Health, metrics, this description, and tokens for development.</summary>
internal static class OperatorCalls
{
    private const string Tag = "operating";

    public static IEnumerable<Call> All()
    {
        yield return Call.Of(HttpMethod.Post, "/v1/dev/tokens", "makeDevToken", Tag, "A token for trying the service out",
                "Only with `Auth:Dev`, only from the same machine, not through a proxy and not for another site's page; otherwise there is nothing here (404).")
            .Takes(See("Person"), "Whom it is for.", isRequired: true, ("broadcaster", """{"sub":"ada","name":"Ada","role":"broadcaster"}"""))
            .Answers(200, "A token.", "Token")
            .Fails(Code.BadRequest, Code.NotFound, Code.TooLarge, Code.UnsupportedMediaType);
        yield return Call.Of(HttpMethod.Get, "/healthz", "getHealth", Tag, "Whether the process is alive")
            .Answers(200, "It is.", "Health").Fails();
        yield return Call.Of(HttpMethod.Get, "/readyz", "getReadiness", Tag, "Whether the service takes viewers")
            .Answers(200, "It does.", "Health")
            .Fails(Code.Unavailable);
        yield return Call.Of(HttpMethod.Get, "/metrics", "getMetrics", Tag, "Metrics as Prometheus text")
            .Answers(200, "Text format 0.0.4.", "text/plain", new OpenApiMediaType { Schema = Text() }).Fails();
        yield return Call.Of(HttpMethod.Get, "/openapi/v1.json", "getDescription", Tag, "This description")
            .Answers(200, "OpenAPI 3.1.", "application/json", new OpenApiMediaType { Schema = Map(Anything("OpenAPI's")) }).Fails();
    }
}
