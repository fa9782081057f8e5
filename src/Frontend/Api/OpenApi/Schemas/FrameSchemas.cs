using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>What viewers are sent: frames with what changed, and snapshots with everything.</summary>
internal static class FrameSchemas
{
    private static readonly string[] AlwaysInFrame = ["stream", "position", "at"];

    private static readonly string[] AlwaysInSnapshot =
        [.. AlwaysInFrame, "status", "title", "owner", "settings", "totals", "viewers", "comments", "missed", "pinned", "cues", "polls", "roster"];

    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        yield return ("Frame", Of("What changed since the viewer's last frame: only fields that changed are present.", AlwaysInFrame));
        yield return ("Snapshot", Of("The whole stream as viewers see it, with the newest 50 comments. Replaces everything a viewer had.", AlwaysInSnapshot));
        yield return ("Comment", Object(
            "A comment as everyone sees it.",
            ("id", Names.ItemId()),
            ("user", Names.UserId("Who wrote it")),
            ("name", OrNull(Text("What they are called", 0, 64))),
            ("text", Text()),
            ("at", Time("When it was ordered")),
            ("replyTo", OrNull(Text("The comment that it answers")))));
        yield return ("Cue", Object(
            "Something that the broadcaster said happened.",
            ("name", Text(null, 1, 64)),
            ("data", Anything("Any JSON value, or null")),
            ("at", Time("When it was ordered"))));
        yield return ("Poll", Object(
            "A poll and its counts.",
            ("id", Names.PollId()),
            ("question", Text(null, 1, 500)),
            ("choices", List(Text(null, 1, 200), null, 2, 20)),
            ("votes", List(Whole(null, 0), "One number a choice", 2, 20)),
            ("open", Flag("Whether it takes votes"))));
        yield return ("Roster", Object(
            "Who is there, of those who came with a token; a snapshot's `joined` is everyone.",
            ("count", Whole(null, 0)),
            ("joined", List(Object(null, ("user", Names.UserId()), ("name", OrNull(Text()))))),
            ("left", List(Names.UserId()))));
    }

    /// <summary>The same as a message, which says in <c>t</c> what it is.</summary>
    public static OpenApiSchema Message(string word, string what) => Of(what, ["t", .. word == "snapshot" ? AlwaysInSnapshot : AlwaysInFrame], ("t", Only(word)));

    private static OpenApiSchema Of(string what, IEnumerable<string> always, params IEnumerable<(string Name, IOpenApiSchema Schema)> first)
    {
        (string Name, IOpenApiSchema Schema)[] fields =
        [
            .. first,
            ("stream", Names.StreamId()),
            ("position", Names.Position("Where a viewer goes on who has this: `Last-Event-ID`, `?position=`")),
            ("at", Time("When the frame was built")),
            ("oldest", Time("When the oldest interaction in it was accepted")),
            ("status", Names.Status()),
            ("owner", Names.UserId("Who created the stream")),
            ("startedAt", Time("When it went live")),
            ("endedAt", Time("When it ended")),
            ("title", Text()),
            ("settings", See("Settings")),
            ("totals", Map(Whole(null, 0), "Reactions by kind, since the stream began")),
            ("delta", Map(Whole(), "What was added to `totals` since the viewer's last frame; negative where reactions were taken back")),
            ("viewers", Whole("How many are watching", 0)),
            ("comments", List(See("Comment"), "New ones, oldest first", null, 50)),
            ("missed", Whole("How many comments were left out because the viewer lagged", 0)),
            ("removed", List(Names.ItemId(), "Comments that were deleted")),
            ("pinned", OrNull(See("Comment"), "The pinned comment; null: none any more")),
            ("cues", List(See("Cue"))),
            ("polls", List(See("Poll"), "Those that changed")),
            ("roster", OrNull(See("Roster"), "null: the room is too large for one, or keeps none")),
            ("ban", OrNull(See("OwnBan"), "The viewer's own ban, to that viewer alone: in a frame when it changed (null: lifted), in a snapshot when there is one")),
            ("bans", OrNull(See("BanChanges"), "To moderators alone, when bans changed; null: too many to name, read the list again")),
        ];
        var required = always.ToHashSet();
        return Object(what, fields.Select(field => (required.Contains(field.Name) ? field.Name : field.Name + "?", field.Schema)));
    }
}
