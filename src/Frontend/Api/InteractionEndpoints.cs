using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Api;

/// <summary>Sending over HTTP, and reading what was sent.</summary>
internal sealed class InteractionEndpoints(StreamRequest request, Sender sender, LimitOptions limits)
{
    public async Task PostAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        if (await Json.ReadBodyAsync(http, limits.BodyBytes) is not { } body) return;
        if (!InteractionReader.TryRead(body, out var items, out var problem))
        {
            await Problem.WriteAsync(http, Code.BadRequest, problem);
            return;
        }

        if (await request.FindAsync(http, id) is not { } stream) return;
        var outcome = await sender.SendAsync(stream, identity, items);
        if (outcome.WrongShape is { } wrong) await Problem.WriteAsync(http, Code.BadRequest, wrong);
        else if (outcome.RateLimitedFor is { } wait) await Problem.WriteAsync(http, Code.RateLimited, null, wait);
        else await Json.WriteAsync(http, ResultJson.Encode(outcome.Results));
    }

    public async Task MeAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity) return;
        var answer = await request.Grain(id).MeAsync(identity.User);
        if (answer.Me is not { } me)
        {
            await StreamRequest.RefuseAsync(http, answer.Code);
            return;
        }

        await Json.WriteAsync(http, Json.Encode(json =>
        {
            json.WriteStartObject();
            json.WriteString("user"u8, identity.User);
            json.WriteStartArray("reactions"u8);
            foreach (var kind in me.Reactions) json.WriteStringValue(kind);
            json.WriteEndArray();
            json.WriteStartObject("votes"u8);
            foreach (var (poll, choice) in me.Votes) json.WriteNumber(poll, choice);
            json.WriteEndObject();
            json.WritePropertyName("ban"u8);
            FrameJson.Ban(json, me.Ban);
            json.WriteNumber("slowModeWaitMs"u8, me.SlowModeWaitMs);
            json.WriteEndObject();
        }));
    }

    public async Task CommentsAsync(HttpContext http, string id)
    {
        var (ok, identity) = await request.AdmitAsync(http, id);
        if (!ok) return;
        if (!Query.Whole(http, "limit", 50, 1, 500, out var limit))
        {
            await Problem.WriteAsync(http, Code.BadRequest, "limit is 1-500.");
            return;
        }

        var before = http.Request.Query["before"].ToString() is { Length: > 0 } comment ? comment : null;
        var answer = await request.Grain(id).CommentsAsync(before, limit, identity?.User);
        if (answer.Comments is not { } comments)
        {
            await StreamRequest.RefuseAsync(http, answer.Code);
            return;
        }

        await Json.WriteAsync(http, Json.Encode(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("comments"u8);
            foreach (var shown in comments) FrameJson.Comment(json, shown);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }
}
