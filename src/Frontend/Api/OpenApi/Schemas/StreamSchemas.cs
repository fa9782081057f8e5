using Interactions.Contracts;
using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>What a broadcaster decides, and the rows of the directory.</summary>
internal static class StreamSchemas
{
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        var standard = StreamSettings.Default;
        yield return ("SettingsPatch", Object(
            "What to change of a stream: every field is optional, null is as if absent.",
            ("title?", OrNull(Text("Shown to viewers", 0, 200))),
            ("reactions?", OrNull(Kinds())),
            ("tap?", OrNull(Tap())),
            ("slowModeSeconds?", OrNull(SlowMode(standard.SlowModeSeconds))),
            ("maxCommentLength?", OrNull(CommentLength(standard.MaxCommentLength))),
            ("roster?", OrNull(Flag("Whether a small room says who is there")))));
        yield return ("Settings", Object(
            "What the broadcaster decided, whole.",
            ("reactions", Kinds()),
            ("tap", Tap()),
            ("slowModeSeconds", SlowMode()),
            ("maxCommentLength", CommentLength()),
            ("roster", Flag("Whether a small room says who is there"))));
        yield return ("StreamRow", Object(
            "A stream in the directory.",
            ("id", Names.StreamId()),
            ("title", Text()),
            ("status", Names.Status()),
            ("owner", Names.UserId("Who created it")),
            ("createdAt", Time("When it was created"))));
        yield return ("StreamList", Object(
            "A page of the directory, by id.",
            ("streams", List(See("StreamRow"))),
            ("next", OrNull(Names.StreamId("Goes into `after` for the next page; null: this is the last")))));
    }

    private static OpenApiSchema Kinds()
    {
        var kinds = List(Names.Kind(), "The kinds of reactions that may be sent, all different", 1, 16);
        kinds.UniqueItems = true;
        return kinds;
    }

    private static OpenApiSchema Tap() =>
        Flag("true: a reaction may be sent again and again and adds up. false: one per user and kind, and `count` 0 takes it back");

    private static OpenApiSchema SlowMode(int? standard = null) => Whole("The least time between two comments of one user, in seconds; 0 = none", 0, 3600, standard);

    private static OpenApiSchema CommentLength(int? standard = null) => Whole("In Unicode code points", 1, 5000, standard);
}
