using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Admission;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Api;

/// <summary>Streams themselves: make, change, start, end, look at, list, delete.</summary>
internal sealed class StreamEndpoints(StreamRequest request, Node node, Gatekeeper gate, AuthOptions auth, LimitOptions limits, TimeProvider time)
{
    public async Task PutAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        var row = node.Directory.Find(id);
        if (!(row is null ? Permissions.CanCreate(identity, id) : Permissions.Broadcasts(identity, id, row.Owner)))
        {
            await Problem.WriteAsync(http, Code.Forbidden, row is null ? "A broadcaster's token is needed." : "The stream is another's.");
            return;
        }

        if (await Json.ReadBodyAsync(http, limits.BodyBytes, mayBeEmpty: true) is not { } body) return;
        if (!SettingsReader.TryRead(body, out var patch, out var problem))
        {
            await Problem.WriteAsync(http, Code.BadRequest, problem);
            return;
        }

        var created = false;
        if (row is null) (row, created) = await node.ListAsync(id, identity.User, patch.Title ?? "", http.RequestAborted);
        if (!created && !Permissions.Broadcasts(identity, id, row.Owner))
        {
            await Problem.WriteAsync(http, Code.Forbidden, "The stream is another's.");
            return;
        }

        var stream = await node.ConfigureAsync(row, patch, http.RequestAborted);
        if (created) http.Response.Headers.Location = $"/v1/streams/{id}";
        await WriteSnapshotAsync(http, stream, identity, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public Task StartAsync(HttpContext http, string id) => SetStatusAsync(http, id, StreamStatus.Live);

    public Task EndAsync(HttpContext http, string id) => SetStatusAsync(http, id, StreamStatus.Ended);

    public async Task GetAsync(HttpContext http, string id)
    {
        var (ok, identity) = await request.AdmitAsync(http, id);
        if (!ok || await request.OpenAsync(http, id) is not { } stream) return;
        await WriteSnapshotAsync(http, stream, identity, StatusCodes.Status200OK);
    }

    public async Task DeleteAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        if (node.Directory.Find(id) is not { } row)
        {
            await Problem.WriteAsync(http, Code.NotFound, "There is no such stream.");
        }
        else if (!Permissions.CanDelete(identity, id, row.Owner))
        {
            await Problem.WriteAsync(http, Code.Forbidden, "Only the owner or an admin deletes a stream.");
        }
        else
        {
            await node.DeleteAsync(id, http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    public async Task ListAsync(HttpContext http)
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

        var after = query["after"].ToString() is { Length: > 0 } id ? id : null;
        List<DirectoryRow> shown = [];
        var rows = node.Directory.Page(status, after, limit + 1);
        while (true)
        {
            foreach (var row in rows)
            {
                if (identity is null || identity.Covers(row.Id)) shown.Add(row);
            }

            if (shown.Count > limit || rows.Count <= limit) break;
            rows = node.Directory.Page(status, rows[^1].Id, limit + 1);
        }

        var more = shown.Count > limit;
        if (more) shown.RemoveRange(limit, shown.Count - limit);
        await Json.WriteAsync(http, Json.Encode(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("streams"u8);
            foreach (var row in shown)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, row.Id);
                json.WriteString("title"u8, row.Title);
                json.WriteString("status"u8, FrameJson.StatusName(row.Status));
                json.WriteString("owner"u8, row.Owner);
                json.WriteNumber("createdAt"u8, row.CreatedAtMs);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (more) json.WriteString("next"u8, shown[^1].Id);
            else json.WriteNull("next"u8);
            json.WriteEndObject();
        }));
    }

    private async Task SetStatusAsync(HttpContext http, string id, StreamStatus status)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        if (node.Directory.Find(id) is not { } row)
        {
            await Problem.WriteAsync(http, Code.NotFound, "There is no such stream.");
            return;
        }

        if (!Permissions.Broadcasts(identity, id, row.Owner))
        {
            await Problem.WriteAsync(http, Code.Forbidden, "Only its broadcaster starts and ends a stream.");
            return;
        }

        if (await request.OpenAsync(http, id) is not { } stream) return;
        if (stream.Read((state, _) => state.Status) > status)
        {
            await Problem.WriteAsync(http, Code.Conflict, "The stream has ended.");
            return;
        }

        await node.SetStatusAsync(stream, status, http.RequestAborted);
        await WriteSnapshotAsync(http, stream, identity, StatusCodes.Status200OK);
    }

    private Task WriteSnapshotAsync(HttpContext http, OpenStream stream, Identity? identity, int status)
    {
        var frame = stream.Read((state, _) => state.Snapshot(identity?.User));
        return Json.WriteAsync(http, FrameJson.Encode(frame, time.GetUtcNow().ToUnixTimeMilliseconds()), status);
    }
}
