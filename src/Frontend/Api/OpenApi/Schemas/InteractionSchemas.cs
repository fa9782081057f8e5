using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>What one sends to a stream: a union told apart by <c>type</c>. The limits are those of <see cref="InteractionReader"/>.</summary>
internal static class InteractionSchemas
{
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        yield return ("Interaction", Union(
            "What someone does on a stream. Who may: everyone with a token reacts, comments, votes and deletes their own comments; "
            + "moderators pin, delete and ban; broadcasters cue and open polls.",
            "type",
            ("reaction", "Reaction"), ("comment", "SentComment"), ("cue", "SentCue"), ("pin", "Pin"), ("unpin", "Unpin"), ("delete", "Delete"),
            ("ban", "Ban"), ("unban", "Unban"), ("poll", "OpenPoll"), ("closePoll", "ClosePoll"), ("vote", "Vote")));
        yield return ("Interactions", new OpenApiSchema
        {
            Description = "One interaction, or several in order.",
            OneOf = [See("Interaction"), List(See("Interaction"), null, 1, InteractionReader.MaxItems)],
        });

        yield return One("Reaction", "reaction", "A reaction of a kind that the stream's settings name.",
            ("kind", Names.Kind()),
            ("count?", OrNull(Whole("How many, from 1; on a stream without `tap`, 1 sets and 0 takes back", 0, 100, 1))));
        yield return One("SentComment", "comment", "Text for everyone, at most `maxCommentLength` code points.",
            ("text", Text()),
            ("replyTo?", OrNull(Names.CommentId("The comment that this answers"))));
        yield return One("SentCue", "cue", "Broadcaster: something happened.",
            ("name", Text(null, 1, 64)),
            ("data?", Anything($"Any JSON value, at most {InteractionReader.MaxCueBytes} bytes")));
        yield return One("Pin", "pin", "Moderator: shows a comment above the others.", ("comment", Names.CommentId()));
        yield return One("Unpin", "unpin", "Moderator: takes the pinned comment down.");
        yield return One("Delete", "delete", "A moderator, or the comment's author: removes it for everyone.", ("comment", Names.CommentId()));
        yield return One("Ban", "ban", "Moderator: the user may not send any more.",
            ("user", Names.UserId()),
            ("seconds?", OrNull(Whole("For how long; absent = for good", 1, 31_536_000))),
            ("shadow?", OrNull(Flag("true: the user's comments are accepted and shown to them alone"))));
        yield return One("Unban", "unban", "Moderator: lifts a ban.", ("user", Names.UserId()));
        yield return One("OpenPoll", "poll", "Broadcaster: opens a poll.",
            ("id", Names.PollId()),
            ("question", Text(null, 1, 500)),
            ("choices", List(Text(null, 1, 200), null, 2, 20)));
        yield return One("ClosePoll", "closePoll", "Broadcaster: the poll takes no more votes.", ("id", Names.PollId()));
        yield return One("Vote", "vote", "The last vote of a user counts.",
            ("poll", Names.PollId("The poll's id")),
            ("choice", new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "Which of `choices`, from 0", Minimum = "0", Maximum = "19" }));
    }

    private static (string Name, IOpenApiSchema Schema) One(
        string name, string type, string what, params IEnumerable<(string Name, IOpenApiSchema Schema)> fields) =>
        (name, Object(what, [("type", Only(type)), .. fields, ("key?", OrNull(Text("The same key again is answered as the first time and counts once, for 10 minutes", 1, 64)))]));
}
