using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Admission;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Api;

/// <summary><c>GET /v1/streams</c>: the directory in the order of ids, as far as the token is for it. Costs what the page holds and what the token names.</summary>
internal sealed class StreamListEndpoint(Node node, Gatekeeper gate, AuthOptions auth, TimeProvider time)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (!gate.TryIdentify(http, out var identity, out var refusal))
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
            return;
        }

        if (identity is null && auth.Anonymous != AnonymousAccess.Watch)
        {
            await Problem.WriteAsync(http, Code.Unauthorized, "A token is needed.");
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

        var rows = Page(identity, status, query["after"].ToString(), limit + 1);
        await WriteAsync(http, rows.Take(limit), rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private List<DirectoryRow> Page(Identity? identity, StreamStatus? status, string after, int limit)
    {
        List<DirectoryRow> page = [];
        foreach (var (text, isPrefix) in StreamPattern.Distinct(identity?.Streams))
        {
            if (isPrefix)
            {
                page.AddRange(node.Directory.Page(status, text, after, limit - page.Count));
            }
            else if (string.CompareOrdinal(text, after) > 0 && node.Directory.Find(text) is { } row && row.Status == (status ?? row.Status))
            {
                page.Add(row);
            }

            if (page.Count >= limit) break;
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
