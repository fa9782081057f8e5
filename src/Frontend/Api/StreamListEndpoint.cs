using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Admission;

namespace Interactions.Frontend.Api;

/// <summary><c>GET /v1/streams</c>: the directory in the order of ids, as far as the token is for it. Costs what the page holds and what the token names: of that a user may ask for 200 a second (2,000 at once).</summary>
internal sealed class StreamListEndpoint(DirectoryPages directory, Gatekeeper gate, TimeProvider time) : IDisposable
{
    /// <summary>Ids that are looked for at the same time.</summary>
    private const int IdsAtOnce = 64;

    // Counts the names and prefixes that are asked for.
    private readonly CallLimiter _limiter = new(user: (200, 2_000), address: (500, 5_000), time);

    public async Task HandleAsync(HttpContext http)
    {
        if (!gate.TryIdentifyWatcher(http, out var identity, out var refusal))
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
            return;
        }

        var query = http.Request.Query;
        StreamStatus? status = null;
        if (query["status"].ToString() is { Length: > 0 } text)
        {
            if (!Enum.TryParse<StreamStatus>(text, ignoreCase: true, out var parsed) || FrameJson.StatusName(parsed) != text)
            {
                await Problem.WriteAsync(http, Code.BadRequest, "status is created, live or ended.");
                return;
            }

            status = parsed;
        }

        if (query["order"].ToString() is { Length: > 0 } order && order != "id")
        {
            await Problem.WriteAsync(http, Code.BadRequest, "This version orders streams by id only.");
            return;
        }

        if (!Query.Whole(http, "limit", 100, 1, 1000, out var limit))
        {
            await Problem.WriteAsync(http, Code.BadRequest, "limit is 1-1000.");
            return;
        }

        var patterns = StreamPattern.Distinct(identity?.Streams);
        if (!_limiter.TryTake(http, identity, out var retryAfter, Math.Clamp(patterns.Count, 1, 2_000)))
        {
            await Problem.WriteAsync(http, Code.RateLimited, null, retryAfter);
            return;
        }

        var rows = await PageAsync(patterns, status, query["after"].ToString(), limit + 1);
        await WriteAsync(http, rows.Take(limit), rows.Count > limit ? rows[limit - 1].Id : null);
    }

    public void Dispose() => _limiter.Dispose();

    // The patterns are in the order of the ids that they name.
    private async Task<List<DirectoryRow>> PageAsync(List<StreamPattern> patterns, StreamStatus? status, string after, int limit)
    {
        List<DirectoryRow> page = [];
        for (var i = 0; i < patterns.Count && page.Count < limit;)
        {
            if (patterns[i].IsPrefix)
            {
                page.AddRange(await directory.PageAsync(status, patterns[i++].Text, after, limit - page.Count));
                continue;
            }

            List<string> ids = [];
            for (; i < patterns.Count && !patterns[i].IsPrefix && ids.Count < IdsAtOnce; i++)
            {
                if (string.CompareOrdinal(patterns[i].Text, after) > 0) ids.Add(patterns[i].Text);
            }

            foreach (var row in await Task.WhenAll(ids.Select(directory.FindAsync)))
            {
                if (row is not null && row.Status == (status ?? row.Status) && page.Count < limit) page.Add(row);
            }
        }

        return page;
    }

    private Task WriteAsync(HttpContext http, IEnumerable<DirectoryRow> rows, string? next) => Json.WriteAsync(http, Json.Encode(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("streams"u8);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, row.Id);
            json.WriteString("title"u8, row.Title);
            json.WriteString("status"u8, FrameJson.StatusName(row.Status));
            json.WriteString("owner"u8, row.Owner);
            json.WriteNumber("createdAt"u8, Math.Min(row.CreatedAtMs, nowMs)); // later, it was said by a clock that was wrong
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (next is null) json.WriteNull("next"u8);
        else json.WriteString("next"u8, next);
        json.WriteEndObject();
    }));
}
