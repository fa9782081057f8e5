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
            ("ban", OrNull(See("OwnBan"), "null: not banned")),
            ("slowModeWaitMs", Whole("How long until the user may comment again, in ms", 0))));
        yield return ("OwnBan", Object("A ban as the banned user sees it. Shadow bans are not shown.", ("until", Until())));
        yield return ("ListedBan", Object(
            "A ban as moderators see it.",
            ("user", Names.UserId("Who is banned")),
            ("until", Until()),
            ("shadow", Flag("Whether it is a shadow ban: the user's comments are shown to them only"))));
        yield return ("BanList", Object(
            "Bans that run, by user id.",
            ("bans", List(See("ListedBan"), null, null, 1000)),
            ("next", OrNull(Names.UserId("Goes into `after` for the next page; null: this is the last")))));
        yield return ("BanChanges", Object(
            "Bans that were set or lifted, for moderators.",
            ("set", List(See("ListedBan"), "Bans that run now", null, 100)),
            ("lifted", List(Names.UserId(), "Users who are not banned any more", null, 100))));
        yield return ("Timeline", Object(
            "What happened over a stream's time, or the part that was asked for.",
            ("stream", Names.StreamId()),
            ("step", Whole("The length of a step in seconds; a multiple of what was asked for", 1)),
            ("steps", List(Object(
                "One step; those in which nothing was counted are left out.",
                ("at", Time("When it begins")),
                ("reactions", Map(Whole(), "By kind")),
                ("comments", Whole(null, 0)),
                ("viewers", Object(null, ("mean", Number(null, 0)), ("peak", Whole(null, 0))))), null, null, 500))));
    }

    private static OpenApiSchema Until() => OrNull(Time("When it ends; null: when it is lifted"));
}
