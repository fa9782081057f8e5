using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>What one reads of a stream besides its snapshot.</summary>
internal static class ReadSchemas
{
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        yield return ("CommentList", Object("Comments, oldest first.", ("comments", List(See("Comment"), null, null, 500))));
        yield return ("Me", Object(
            "How a user stands on a stream.",
            ("user", Names.UserId()),
            ("reactions", List(Names.Kind(), "On a stream without `tap`: the kinds that the user has set")),
            ("votes", Map(Whole(null, 0), "The user's choice by poll")),
            ("ban", OrNull(Object("null: not banned", ("until", OrNull(Time("When it ends; null: never")))))),
            ("slowModeWaitMs", Whole("How long until the user may comment again, in ms", 0))));
        yield return ("Timeline", Object(
            "What happened over a stream's time.",
            ("stream", Names.StreamId()),
            ("step", Whole("The length of a step in seconds; at least as long as asked for", 1)),
            ("steps", List(Object(
                "One step; those in which nothing was counted may be left out.",
                ("at", Time("When it begins")),
                ("reactions", Map(Whole(), "By kind")),
                ("comments", Whole(null, 0)),
                ("viewers", Object(null, ("mean", Number(null, 0)), ("peak", Whole(null, 0)))))))));
    }
}
