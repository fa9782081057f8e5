using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Admission;

namespace Interactions.Frontend.Api;

/// <summary>
/// <c>GET /v1/streams/{id}/timeline</c>: what happened when. A user may ask 5 times
/// a second (50 at once), an address without a token 50 times (500).
/// </summary>
internal sealed class TimelineEndpoint(StreamRequest request, TimeProvider time) : IDisposable
{
    private readonly CallLimiter _limiter = new(user: (5, 50), address: (50, 500), time);

    public async Task HandleAsync(HttpContext http, string id)
    {
        var (ok, identity) = await request.AdmitAsync(http, id);
        if (!ok) return;
        if (!_limiter.TryTake(http, identity, out var retryAfter))
        {
            await Problem.WriteAsync(http, Code.RateLimited, null, retryAfter);
            return;
        }

        if (!Query.Whole(http, "step", 10, 1, 86_400, out var step))
        {
            await Problem.WriteAsync(http, Code.BadRequest, "step is 1-86400 seconds.");
            return;
        }

        if (!Query.Time(http, "from", out var from) || !Query.Time(http, "to", out var to))
        {
            await Problem.WriteAsync(http, Code.BadRequest, "from and to are times in ms since 1970.");
            return;
        }

        var answer = await request.Grain(id).TimelineAsync(step, from, to);
        if (answer.Timeline is { } timeline) await Json.WriteAsync(http, Encode(id, timeline));
        else await StreamRequest.RefuseAsync(http, answer.Code);
    }

    public void Dispose() => _limiter.Dispose();

    private static byte[] Encode(string id, Timeline timeline) => Json.Encode(json =>
    {
        json.WriteStartObject();
        json.WriteString("stream"u8, id);
        json.WriteNumber("step"u8, timeline.StepSeconds);
        json.WriteStartArray("steps"u8);
        foreach (var at in timeline.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("at"u8, at.AtMs);
            json.WriteStartObject("reactions"u8);
            foreach (var (kind, count) in at.Reactions) json.WriteNumber(kind, count);
            json.WriteEndObject();
            json.WriteNumber("comments"u8, at.Comments);
            json.WriteStartObject("viewers"u8);
            json.WriteNumber("mean"u8, Math.Round(at.ViewersMean, 2));
            json.WriteNumber("peak"u8, at.ViewersPeak);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
