using Interactions.Contracts;
using Interactions.Frontend.Api.OpenApi.Schemas;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Operations;

/// <summary>Streams themselves.</summary>
internal static class StreamCalls
{
    private const string Tag = "streams";

    public static IEnumerable<Call> All()
    {
        yield return Call.Of(HttpMethod.Get, "/v1/streams", "listStreams", Tag, "Lists streams, paged by id", "Only those that the token is for.")
            .ForWatchers()
            .Query("status", Names.Status("Only those of this status"), "Only those of this status.")
            .Query("limit", Whole(null, 1, 1000, 100), "At most so many.")
            .Query("after", Text(), "`next` of the page before.")
            .Query("order", Word(null, "id"), "By id; there is no other order yet.")
            .Answers(200, "A page.", "StreamList")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.RateLimited, Code.Unavailable);
        yield return Call.Of(HttpMethod.Put, "/v1/streams/{id}", "putStream", Tag, "Creates a stream, or changes its settings",
                "Broadcasters create streams and own them, so many each; another broadcaster changes one only if their token names it. How often a user creates and configures is limited.")
            .WithToken()
            .Takes(See("SettingsPatch"), "What to change. No body is as good as `{}`.", isRequired: false,
                ("create", """{"title":"Cup final","reactions":["like","wow"],"tap":true}"""), ("slow down", """{"slowModeSeconds":5}"""))
            .Answers(201, "Created.", "Snapshot")
            .Says(201, "Location", Text(), "Where it is.")
            .Answers(200, "Changed.", "Snapshot")
            .Fails(Code.BadRequest, Code.TooManyKinds, Code.Unauthorized, Code.Forbidden, Code.TooManyStreams, Code.TooLarge, Code.UnsupportedMediaType, Code.RateLimited, Code.Unavailable);
        yield return Call.Of(HttpMethod.Get, "/v1/streams/{id}", "getStream", Tag, "A stream's snapshot")
            .ForWatchers()
            .Answers(200, "What viewers see now.", "Snapshot")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.Unavailable);
        yield return Call.Of(HttpMethod.Delete, "/v1/streams/{id}", "deleteStream", Tag, "Erases a stream: its log, snapshots and directory entry",
                "Its owner or an admin. Viewers are told `bye` and closed.")
            .WithToken()
            .Answers(204, "Gone.")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.Unavailable);
        yield return SetStatus("start", "startStream", "Takes a stream live");
        yield return SetStatus("end", "endStream", "Ends a stream");
    }

    private static Call SetStatus(string word, string id, string summary) =>
        Call.Of(HttpMethod.Post, $"/v1/streams/{{id}}/{word}", id, Tag, summary,
                "Broadcaster. The status goes only forward: created, live, ended. An ended stream takes no interactions and still answers reads.")
            .WithToken()
            .Answers(200, "Done, now or before.", "Snapshot")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.Conflict, Code.Unavailable);
}
