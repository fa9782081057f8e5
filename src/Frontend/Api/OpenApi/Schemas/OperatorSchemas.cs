using Interactions.Frontend.Telemetry;
using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>Health, and tokens for development.</summary>
internal static class OperatorSchemas
{
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        yield return ("Person", Object(
            "Whom a token is for.",
            ("sub", Names.UserId()),
            ("name?", Text("What they are called; their id by default", 0, 64)),
            ("role?", Word("viewer by default; each includes those before it", "viewer", "moderator", "broadcaster", "admin")),
            ("streams?", List(Text(null, 1, 65, "^([A-Za-z0-9_-]{1,64}\\*?|\\*)$"), "Ids or `prefix*`; absent = every stream"))));
        yield return ("Token", Object("A JWT, good for 12 hours.", ("token", Text())));
        yield return ("PingReport", Object(
            "What a viewer's client says now and then.",
            ("transport", Word("What it watches by", TransportNames.All.Select(transport => transport.Name()))),
            ("latencyMs?", Latencies())));
        yield return ("PingAnswer", Object("The server's clock, to correct one's own by.", ("at", Time("Now"))));
        yield return ("Health", Object("How the process is.", ("status", Word(null, "live", "ready"))));
    }

    /// <summary>Part of a ping, over HTTP or on a socket.</summary>
    public static OpenApiSchema Latencies() => OrNull(List(
        Number(), "How late frames were: from `oldest` to their arrival, in ms, a sample", null, Pings.MostLatencies));
}
