using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Admission;

namespace Interactions.Frontend.Api;

/// <summary><c>GET /v1/streams/{id}/bans</c>: the bans that run, for moderators.</summary>
internal sealed class BansEndpoint(StreamRequest request)
{
    public async Task HandleAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity || await request.FindAsync(http, id) is not { } stream) return;
        if (!Permissions.Moderates(identity, id, stream.Owner))
        {
            await Problem.WriteAsync(http, Code.Forbidden, "Only moderators see who is banned.");
            return;
        }

        if (!Query.Whole(http, "limit", 100, 1, 1000, out var limit))
        {
            await Problem.WriteAsync(http, Code.BadRequest, "limit is 1-1000.");
            return;
        }

        var after = http.Request.Query["after"].ToString() is { Length: > 0 } user ? user : null;
        var answer = await request.Grain(id).BansAsync(after, limit + 1);
        if (answer.Bans is not { } bans)
        {
            await StreamRequest.RefuseAsync(http, answer.Code);
            return;
        }

        var page = bans.Count > limit ? bans.Take(limit).ToArray() : bans;
        await Json.WriteAsync(http, Json.Encode(json =>
        {
            json.WriteStartObject();
            FrameJson.Bans(json, "bans"u8, page);
            json.WriteString("next"u8, bans.Count > limit ? page[^1].User : null);
            json.WriteEndObject();
        }));
    }
}
