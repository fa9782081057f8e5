using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>The lines of a stream's log, as <see cref="EntryJson"/> writes them.</summary>
internal static class LogSchemas
{
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        yield return ("LogEntry", Object(
            "One line: an entry of the log, which was ordered and made durable as one.",
            ("position", Names.Position()),
            ("at", Time("When it was ordered")),
            ("producer", Text("Which activation of the stream wrote it")),
            ("sequence", Whole("Rises with each entry of a producer", 0)),
            ("oldest", Time("When its oldest item was accepted")),
            ("items", List(See("LogItem")))));
        yield return ("LogItem", new OpenApiSchema
        {
            Description = "What someone sent, what they sent summed up, or what the service notes; `type` says which.",
            OneOf =
            [
                Sent("reaction", ("kind", Names.Kind()), ("count", Whole(null, 0, 100))),
                Sent("comment", ("text", Text()), ("replyTo", OrNull(Text()))),
                Sent("cue", ("cue", Text("The cue's name", 1, 64)), ("data?", Anything("Any JSON value"))),
                Sent("pin", ("comment", Names.CommentId())),
                Sent("unpin"),
                Sent("delete", ("comment", Names.CommentId())),
                Sent("ban", ("target", Names.UserId("Who is banned")), ("seconds?", Whole("Absent = for good", 1)), ("shadow", Flag())),
                Sent("unban", ("target", Names.UserId())),
                Sent("poll", ("id", Names.PollId()), ("question", Text(null, 1, 500)), ("choices", List(Text(null, 1, 200), null, 2, 20))),
                Sent("closePoll", ("id", Names.PollId())),
                Sent("vote", ("poll", Names.PollId()), ("choice", Whole())),
                Noted("taps", "Taps without a key, of everyone, summed.", ("kind", Names.Kind()), ("count", Whole(null, 1))),
                Noted(
                    "configured",
                    "The settings that changed.",
                    ("owner", OrNull(Names.UserId())),
                    ("title?", Text()),
                    ("reactions?", List(Names.Kind())),
                    ("tap?", Flag()),
                    ("slowModeSeconds?", Whole(null, 0)),
                    ("maxCommentLength?", Whole(null, 1)),
                    ("roster?", Flag())),
                Noted("status", "Started or ended.", ("status", Names.Status())),
                Noted("rejected", "Something was refused; what it was is not stored.", ("code", ResultSchemas.RejectionCode())),
                Noted("viewers", "How many watch on a frontend.", ("node", Text()), ("count", Whole(null, 0))),
                Noted("nodeGone", "A frontend's viewers are gone with it.", ("node", Text())),
                Noted("joined", "Someone came.", ("node", Text()), ("user", Names.UserId()), ("name", OrNull(Text()))),
                Noted("left", "Someone left.", ("node", Text()), ("user", Names.UserId())),
            ],
        });
    }

    private static OpenApiSchema Sent(string type, params IEnumerable<(string Name, IOpenApiSchema Schema)> fields) => Object(
        null,
        [
            ("type", Only(type)), .. fields,
            ("user", Names.UserId("Who sent it")), ("name", OrNull(Text("What they are called"))),
            ("keyHash?", Text("Of the key it was sent with, in hexadecimal", 32, 32)),
        ]);

    private static OpenApiSchema Noted(string type, string what, params IEnumerable<(string Name, IOpenApiSchema Schema)> fields) =>
        Object(what, [("type", Only(type)), .. fields]);
}
