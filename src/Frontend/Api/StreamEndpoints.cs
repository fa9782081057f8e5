using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Api;

/// <summary>
/// Streams themselves: create, change, start, end, look at, delete. All is asked of the stream's grain, so that each answer shows what
/// was answered before, on whichever frontend. A call that was read whole is carried out, also when its sender does not wait.
/// </summary>
internal sealed class StreamEndpoints(StreamRequest request, StreamFeeds feeds, IGrains grains, DirectoryPages directory, LimitOptions limits, StreamLimiter limiter)
{
    /// <summary>A stream that is created and deleted by others as quickly as it is asked for is given up.</summary>
    private const int MostTries = 10;

    public async Task PutAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        var found = await grains.Stream(id).FindAsync();
        if (await IsRefusedAsync(http, identity, id, found)) return;
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

        // Meanwhile another may have created a stream of the id, or deleted it.
        for (var tries = 0; tries < MostTries; tries++)
        {
            var change = await grains.Stream(id).ConfigureAsync(new ConfigureRequest(identity.User, found.Info?.Creation ?? 0, patch));
            feeds.Forget(id);
            if (change.Code is not (Code.Conflict or Code.NotFound))
            {
                await AnswerPutAsync(http, id, identity, change, created: found.Info is null);
                return;
            }

            found = await grains.Stream(id).FindAsync();
            if (await IsRefusedAsync(http, identity, id, found)) return;
        }

        await Problem.WriteAsync(http, Code.Unavailable, "Others create and delete the stream at the same time.");
    }

    public Task StartAsync(HttpContext http, string id) => SetStatusAsync(http, id, StreamStatus.Live);

    public Task EndAsync(HttpContext http, string id) => SetStatusAsync(http, id, StreamStatus.Ended);

    public async Task GetAsync(HttpContext http, string id)
    {
        var (ok, identity) = await request.AdmitAsync(http, id);
        if (ok) await WriteSnapshotAsync(http, id, identity, StatusCodes.Status200OK);
    }

    public async Task DeleteAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        var (code, owner, creation) = await FindOwnerAsync(id);
        if (code == Code.Accepted && !Permissions.CanDelete(identity, id, owner))
        {
            await Problem.WriteAsync(http, Code.Forbidden, "Only the owner or an admin deletes a stream.");
            return;
        }

        if (code == Code.Accepted)
        {
            code = (await grains.Stream(id).DeleteAsync(creation)).Code;
            feeds.Forget(id);
        }

        if (code == Code.Accepted) http.Response.StatusCode = StatusCodes.Status204NoContent;
        else await StreamRequest.RefuseAsync(http, code);
    }

    private async Task SetStatusAsync(HttpContext http, string id, StreamStatus status)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        var found = await grains.Stream(id).FindAsync();
        if (found.Info is not { } stream)
        {
            await StreamRequest.RefuseAsync(http, found.Code);
            return;
        }

        if (!Permissions.Broadcasts(identity, id, stream.Owner))
        {
            await Problem.WriteAsync(http, Code.Forbidden, "Only its broadcaster starts and ends a stream.");
            return;
        }

        var code = (await grains.Stream(id).SetStatusAsync(stream.Creation, status)).Code;
        feeds.Forget(id);
        if (code == Code.Accepted) await WriteSnapshotAsync(http, id, identity, StatusCodes.Status200OK);
        else if (code == Code.Conflict) await Problem.WriteAsync(http, code, "The stream has ended.");
        else await StreamRequest.RefuseAsync(http, code);
    }

    private async Task AnswerPutAsync(HttpContext http, string id, Identity identity, ChangeAnswer change, bool created)
    {
        if (change.Code == Code.TooManyStreams)
        {
            await Problem.WriteAsync(http, change.Code, $"One user may own {limits.StreamsPerUser} streams.");
        }
        else if (change.Code != Code.Accepted)
        {
            await StreamRequest.RefuseAsync(http, change.Code);
        }
        else
        {
            if (created) http.Response.Headers.Location = $"/v1/streams/{id}";
            await WriteSnapshotAsync(http, id, identity, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        }
    }

    /// <summary>Whether someone may not create or change the stream, or that can't be told; then it is answered.</summary>
    private static async ValueTask<bool> IsRefusedAsync(HttpContext http, Identity identity, string id, StreamInfoAnswer found)
    {
        if (found.Code is not (Code.Accepted or Code.NotFound)) await StreamRequest.RefuseAsync(http, found.Code);
        else if (Permissions.MayPut(identity, id, found.Info?.Owner)) return false;
        else await Problem.WriteAsync(http, Code.Forbidden, found.Info is null ? "A broadcaster's token is needed." : "The stream is another's.");
        return true;
    }

    // Where the stream can't be read, the directory still knows whose it is: it has to be possible to delete it.
    private async ValueTask<(Code Code, string Owner, ulong Creation)> FindOwnerAsync(string id)
    {
        var found = await grains.Stream(id).FindAsync();
        if (found.Info is { } stream) return (Code.Accepted, stream.Owner, stream.Creation);
        if (found.Code is not (Code.Damaged or Code.Internal)) return (found.Code, "", 0);
        return await directory.FindAsync(id) is { } row ? (Code.Accepted, row.Owner, row.Creation) : (Code.NotFound, "", 0);
    }

    private async Task WriteSnapshotAsync(HttpContext http, string id, Identity? identity, int status)
    {
        var answer = await grains.Stream(id).SnapshotAsync(identity?.User);
        if (answer.Json is { } json) await Json.WriteAsync(http, json, status);
        else await StreamRequest.RefuseAsync(http, answer.Code);
    }
}
