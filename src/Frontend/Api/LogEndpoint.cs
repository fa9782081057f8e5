using System.Buffers;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Interactions.Frontend.Api;

/// <summary><c>GET /v1/streams/{id}/log</c>: a stream's entries, one JSON object a line; with <c>follow</c> it stays open.</summary>
internal sealed class LogEndpoint(StreamRequest request, IStreamLog log, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    public async Task HandleAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity || await request.OpenAsync(http, id) is not { } stream) return;
        if (!Permissions.Moderates(identity, id, stream.Read((state, _) => state.Owner)))
        {
            await Problem.WriteAsync(http, Code.Forbidden, "Only moderators read the log.");
            return;
        }

        var after = Position.Start;
        if (http.Request.Query["after"].ToString() is { Length: > 0 } text && !Position.TryParse(text, out after))
        {
            await Problem.WriteAsync(http, Code.BadRequest, "after is a position.");
            return;
        }

        if (!Query.Whole(http, "limit", 1000, 1, 10_000, out var limit))
        {
            await Problem.WriteAsync(http, Code.BadRequest, "limit is 1-10000.");
            return;
        }

        var page = await log.ReadAsync(id, after, limit, http.RequestAborted);
        if (page.Status != ReadStatus.Ok)
        {
            await Problem.WriteAsync(http, Code.Trimmed, page.Status == ReadStatus.Trimmed ? null : "The position is of another life of the log.");
            return;
        }

        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        await http.Response.StartAsync(http.RequestAborted);
        var lines = new ArrayBufferWriter<byte>();
        foreach (var entry in page.Entries)
        {
            EntryJson.WriteLine(lines, entry);
            after = entry.Position;
        }

        await http.Response.BodyWriter.WriteAsync(lines.WrittenMemory, http.RequestAborted);
        if (http.Request.Query["follow"] != "true") return;

        // It ends with the reader, the node or the token, whichever is first.
        var untilExpiry = DateTimeOffset.FromUnixTimeMilliseconds(identity.ExpiresAtMs) - time.GetUtcNow();
        using var expiry = new CancellationTokenSource(untilExpiry < LongestTimer ? untilExpiry : LongestTimer, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping, expiry.Token);
        try
        {
            await http.Response.BodyWriter.FlushAsync(over.Token);
            await foreach (var entry in log.TailAsync(id, after, over.Token))
            {
                lines.ResetWrittenCount();
                EntryJson.WriteLine(lines, entry);
                await http.Response.BodyWriter.WriteAsync(lines.WrittenMemory, over.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or PositionLostException)
        {
            // The response ends.
        }
    }
}
