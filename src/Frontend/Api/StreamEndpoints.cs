using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Admission;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Api;

/// <summary>
/// Streams themselves: create, change, start, end, look at, delete. A call that was read whole is carried out, also when its
/// sender does not wait for the answer.
/// </summary>
internal sealed class StreamEndpoints(StreamRequest request, Node node, LimitOptions limits, StreamLimiter limiter, TimeProvider time)
{
    public async Task PutAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        var row = node.Directory.Find(id);
        if (!Permissions.MayPut(identity, id, row?.Owner))
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

        if (!limiter.TryTake(identity.User, out var wait))
        {
            await Problem.WriteAsync(http, Code.RateLimited, "Too many streams were created or changed in a minute.", wait);
            return;
        }

        var change = await PutAsync(id, identity, row, patch);
        if (change.Outcome == ChangeOutcome.TooMany)
        {
            await Problem.WriteAsync(http, Code.TooManyStreams, $"One user may own {limits.StreamsPerUser} streams.");
        }
        else if (change.Outcome == ChangeOutcome.TooManyKinds)
        {
            await Problem.WriteAsync(http, Code.TooManyKinds);
        }
        else if (change.Stream is not { } stream)
        {
            await Problem.WriteAsync(http, Code.Forbidden, "The stream is another's.");
        }
        else
        {
            if (change.Created) http.Response.Headers.Location = $"/v1/streams/{id}";
            await WriteSnapshotAsync(http, stream, identity, change.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        }
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
        else if ((await node.Changes.DeleteAsync(row)).Outcome == ChangeOutcome.NotThere)
        {
            await Problem.WriteAsync(http, Code.NotFound, "There is no such stream.");
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    // Meanwhile another may have created a stream of the id, or deleted it.
    private async Task<(ChangeOutcome Outcome, OpenStream? Stream, bool Created)> PutAsync(string id, Identity identity, DirectoryRow? row, SettingsPatch patch)
    {
        while (true)
        {
            var change = row is null
                ? await node.Changes.CreateAsync(id, identity.User, patch)
                : await node.Changes.ConfigureAsync(row, patch);
            if (change.Outcome is ChangeOutcome.Done or ChangeOutcome.TooMany or ChangeOutcome.TooManyKinds) return (change.Outcome, change.Stream, row is null);
            row = node.Directory.Find(id);
            if (!Permissions.MayPut(identity, id, row?.Owner)) return (change.Outcome, null, false);
        }
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

        var change = await node.Changes.SetStatusAsync(row, status);
        if (change.Stream is { } stream) await WriteSnapshotAsync(http, stream, identity, StatusCodes.Status200OK);
        else if (change.Outcome == ChangeOutcome.Ended) await Problem.WriteAsync(http, Code.Conflict, "The stream has ended.");
        else await Problem.WriteAsync(http, Code.NotFound, "There is no such stream.");
    }

    private Task WriteSnapshotAsync(HttpContext http, OpenStream stream, Identity? identity, int status)
    {
        var frame = stream.Feed.Read((view, _) => view.Snapshot(identity?.User));
        return Json.WriteAsync(http, FrameJson.Encode(frame, time.GetUtcNow().ToUnixTimeMilliseconds()), status);
    }
}
