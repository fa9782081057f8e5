namespace Interactions.Contracts;

/// <summary>The one table of outcomes.</summary>
public static class Codes
{
    private static readonly CodeInfo?[] Table = Build();

    /// <summary>A code of a later version is told as <see cref="Code.Internal"/>.</summary>
    public static CodeInfo Info(this Code code) => ((int)code < Table.Length ? Table[(int)code] : null) ?? Table[(int)Code.Internal]!;

    private static CodeInfo?[] Build()
    {
        var table = new CodeInfo?[Enum.GetValues<Code>().Max(code => (int)code) + 1];
        void Row(Code code, string name, int http, bool retry, string meaning) => table[(int)code] = new(name, http, retry, meaning);

        Row(Code.Accepted, "accepted", 200, false, "Durable and ordered.");
        Row(Code.NotLive, "not_live", 409, false, "The stream is not live.");
        Row(Code.UnknownKind, "unknown_kind", 400, false, "The stream has no reaction of this kind.");
        Row(Code.TooLong, "too_long", 400, false, "The text is longer than the stream allows.");
        Row(Code.Empty, "empty", 400, false, "There is no text.");
        Row(Code.SlowMode, "slow_mode", 429, true, "This user commented too recently.");
        Row(Code.Banned, "banned", 403, true, "This user is banned from the stream.");
        Row(Code.RateLimited, "rate_limited", 429, true, "Too many in too short a time.");
        Row(Code.Forbidden, "forbidden", 403, false, "The token does not allow this.");
        Row(Code.UnknownComment, "unknown_comment", 404, false, "There is no such comment among the kept ones.");
        Row(Code.UnknownPoll, "unknown_poll", 404, false, "There is no such poll.");
        Row(Code.PollClosed, "poll_closed", 409, false, "The poll takes no more votes.");
        Row(Code.BadChoice, "bad_choice", 400, false, "The poll has no such choice.");
        Row(Code.DuplicateId, "duplicate_id", 409, false, "There is already a poll of this id.");
        Row(Code.TooManyKinds, "too_many_kinds", 400, false, "A stream knows at most 64 kinds of reactions in its life.");
        Row(Code.BadRequest, "bad_request", 400, false, "The request has the wrong shape.");
        Row(Code.Unauthorized, "unauthorized", 401, false, "A valid token is needed.");
        Row(Code.NotFound, "not_found", 404, false, "There is nothing here.");
        Row(Code.MethodNotAllowed, "method_not_allowed", 405, false, "What is here does not take this method.");
        Row(Code.Conflict, "conflict", 409, false, "The state of the stream does not allow this.");
        Row(Code.Trimmed, "trimmed", 410, false, "The position is older than what is kept.");
        Row(Code.TooLarge, "too_large", 413, false, "The body is larger than allowed.");
        Row(Code.UnsupportedMediaType, "unsupported_media_type", 415, false, "The body has to be application/json, as it is or as gzip or br.");
        Row(Code.TooManyConnections, "too_many_connections", 429, true, "Too many connections.");
        Row(Code.Unavailable, "unavailable", 503, true, "The log did not answer: whether it took this is unknown.");
        Row(Code.Internal, "internal", 500, true, "Something is broken in the service.");
        Row(Code.TooManyStreams, "too_many_streams", 409, true, "This user owns as many streams as one may; one has to be deleted first.");
        Row(Code.Damaged, "damaged", 500, false, "What is stored of this is damaged; the operator was told.");
        Row(Code.Full, "unavailable", 503, true, "The log has no room: nothing was taken.");
        return table;
    }
}
