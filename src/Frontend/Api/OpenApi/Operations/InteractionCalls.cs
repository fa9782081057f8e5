using Interactions.Contracts;
using Interactions.Frontend.Api.OpenApi.Schemas;
using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Operations;

/// <summary>Sending over HTTP, and reading what was sent.</summary>
internal static class InteractionCalls
{
    private const string Tag = "interactions";

    public static IEnumerable<Call> All()
    {
        yield return Call.Of(HttpMethod.Post, "/v1/streams/{id}/interactions", "sendInteractions", Tag, "Sends one interaction or up to 100",
                "A body of wrong shape is refused as a whole; otherwise each item gets its result. 503: the outcome is unknown, a retry with the same key gets the true one.")
            .WithToken()
            .Takes(See("Interactions"), "One, or several in order.", isRequired: true,
                ("reaction", """{"type":"reaction","kind":"like","count":3}"""),
                ("several", """[{"type":"comment","text":"Hello","key":"c-1"},{"type":"vote","poll":"p1","choice":0}]"""))
            .Answers(200, "What became of each, in order.", "Results")
            .Fails(
                Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.TooLarge, Code.UnsupportedMediaType, Code.RateLimited, Code.Unavailable);
        yield return Call.Of(HttpMethod.Get, "/v1/streams/{id}/me", "getMe", Tag, "How the token's user stands on the stream")
            .WithToken()
            .Answers(200, "Own reactions, votes, ban and wait.", "Me")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.Unavailable);
        yield return Call.Of(HttpMethod.Get, "/v1/streams/{id}/comments", "listComments", Tag, "Older comments, as far as kept")
            .ForWatchers()
            .Query("before", Names.CommentId(), "Those before this comment; the newest by default.")
            .Query("limit", Whole(null, 1, 500, 50), "At most so many; a page of long ones has fewer.")
            .Answers(200, "Oldest first.", "CommentList")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.UnknownComment, Code.Unavailable);
        yield return Call.Of(HttpMethod.Get, "/v1/streams/{id}/bans", "listBans", Tag, "Who is banned, paged by user id", "Moderators. Only bans that run, shadow bans included.")
            .WithToken()
            .Query("limit", Whole(null, 1, 1000, 100), "At most so many.")
            .Query("after", Text(), "`next` of the page before.")
            .Answers(200, "A page.", "BanList")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.Unavailable);
        yield return Call.Of(HttpMethod.Get, "/v1/streams/{id}/timeline", "getTimeline", Tag, "Reactions, comments and viewers over time",
                "From when it went live to its end. At most 500 steps: where that is too few, and where time is kept coarser, steps are longer than asked for. "
                + "Steps in which nothing happened and nobody watched are left out. Parts that follow each other (`to` of one is `from` of the next) add up to the whole.")
            .ForWatchers()
            .Query("step", Whole(null, 1, 86_400, 10), "Seconds a step, at least.")
            .Query("from", Time("Where the first step begins"), "Where the first step begins; the stream's beginning by default.")
            .Query("to", Time("Where the last step ends"), "Before this; the stream's end by default.")
            .Answers(200, "Step by step.", "Timeline")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.RateLimited, Code.Unavailable);
        yield return Call.Of(HttpMethod.Get, "/v1/streams/{id}/log", "readLog", Tag, "The stream's log, a line an entry", "Moderators.")
            .WithToken()
            .Query("after", Names.Position(), "Entries after this; from the first by default.")
            .Query("limit", Whole(null, 1, 10_000, 1000), "At most so many of those that are there.")
            .Query("follow", Word(null, "true", "false"), "`true` stays open and goes on with each new entry, until the token expires.")
            .Answers(200, "Newline-delimited JSON: one `LogEntry` a line. It ends after a whole line when the token expires; a reader that takes nothing is cut.", "application/x-ndjson", new OpenApiMediaType { Schema = See("LogEntry") })
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.Trimmed, Code.RateLimited, Code.TooManyConnections, Code.Unavailable);
    }
}
