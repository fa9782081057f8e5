using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Transports.Listener;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Interactions.Frontend.Api;

/// <summary>
/// <c>GET /v1/streams/{id}/log</c>: a stream's entries, one JSON object a line; with <c>follow</c> it stays open. A reader holds a
/// small page of the log, counts as a connection, and is done with when its token ends. Each user may ask for 20,000 entries a second (a million at once).
/// </summary>
internal sealed class LogEndpoint(
    StreamRequest request, StreamFeeds feeds, Admittance admittance, IHostApplicationLifetime lifetime, TimeProvider time) : IDisposable
{
    private const int MostEntries = 256;
    private const int PageBytes = 128 * 1024;

    /// <summary>How often a follower looks whether the stream's feed has moved.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    /// <summary>For so long a follower may take nothing of what there is for it, as viewers may.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    // Counts the entries that are asked for.
    private readonly CallLimiter _limiter = new(user: (20_000, 1_000_000), address: (20_000, 1_000_000), time);

    public async Task HandleAsync(HttpContext http, string id)
    {
        if (await request.IdentifyAsync(http, id) is not { } identity || await request.FindAsync(http, id) is not { } stream) return;
        if (!Permissions.Moderates(identity, id, stream.Owner))
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

        if (!_limiter.TryTake(http, identity, out var retryAfter, limit))
        {
            await Problem.WriteAsync(http, Code.RateLimited, null, retryAfter);
            return;
        }

        if (!admittance.TryCount(http, identity, out var permit, out var refusal))
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail, refusal.RetryAfter);
            return;
        }

        using (permit) await AnswerAsync(http, id, identity, after, limit);
    }

    public void Dispose() => _limiter.Dispose();

    private async Task AnswerAsync(HttpContext http, string id, Identity identity, Position after, int limit)
    {
        var first = await ReadAsync(id, after, limit);
        if (first.Code != Code.Accepted)
        {
            if (first.IsOtherLife) await Problem.WriteAsync(http, first.Code, "The position is of another life of the log.");
            else await StreamRequest.RefuseAsync(http, first.Code);
            return;
        }

        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(http.Request.Method)) return;
        var follows = http.Request.Query["follow"] == "true";
        await http.Response.StartAsync(http.RequestAborted);

        // It ends with the reader, the frontend or the token, whichever is first.
        var left = DateTimeOffset.FromUnixTimeMilliseconds(identity.ExpiresAtMs) - time.GetUtcNow();
        using var expiry = new CancellationTokenSource(left > LongestTimer ? LongestTimer : left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping, expiry.Token);
        using var follow = CancellationTokenSource.CreateLinkedTokenSource(over.Token, PeerEnd.Of(http)); // what is there is read to its end
        var rate = follows ? http.Features.Get<IHttpMinResponseDataRateFeature>() : null;
        var standard = rate?.MinDataRate;
        if (rate is not null) rate.MinDataRate = null;
        try
        {
            var writer = new LogWriter(http.Response.BodyWriter, time, follows ? Stall : Timeout.InfiniteTimeSpan, http.Abort, over.Token);
            if (await WritePagesAsync(writer, id, first, after, limit) is { } last && follows) await FollowAsync(writer, id, last, follow.Token);
        }
        catch (OperationCanceledException) when (follow.IsCancellationRequested)
        {
            // The answer ends.
        }
        catch (Exception failed) when (Failure.CodeOf(failed) is not Code.Internal)
        {
            http.Abort(); // else it would look whole
        }
        finally
        {
            // Whoever reads nothing does not take the end either.
            if (rate is not null) rate.MinDataRate = standard;
        }
    }

    /// <summary>Writes what the log had when it was asked, up to the limit.</summary>
    /// <returns>The last that was written; null when the answer is over.</returns>
    private async Task<Position?> WritePagesAsync(LogWriter writer, string id, LogAnswer page, Position after, int limit)
    {
        for (var head = page.Head; page.Entries.Count > 0;)
        {
            foreach (var entry in page.Entries)
            {
                if (!await writer.WriteAsync(entry)) return null;
                after = entry.Position;
            }

            limit -= page.Entries.Count;
            if (limit <= 0 || after == head) break;
            page = Whole(await ReadAsync(id, after, limit));
        }

        return await writer.FlushAsync() ? after : null;
    }

    private async Task FollowAsync(LogWriter writer, string id, Position after, CancellationToken over)
    {
        while (await feeds.OpenAsync(id, over) is { } feed)
        {
            if (feed.Head == after)
            {
                await Task.Delay(LookAgain, time, over);
                continue;
            }

            var page = Whole(await ReadAsync(id, after, MostEntries));
            foreach (var entry in page.Entries)
            {
                if (!await writer.WriteAsync(entry)) return;
                after = entry.Position;
            }

            if (!await writer.FlushAsync()) return;
            if (page.Entries.Count == 0) await Task.Delay(LookAgain, time, over);
        }
    }

    private Task<LogAnswer> ReadAsync(string id, Position after, int limit) => request.Grain(id).ReadLogAsync(after, Math.Min(limit, MostEntries), PageBytes);

    /// <exception cref="LogUnavailableException">The log can't be read on from there: it was trimmed, or its stream is gone.</exception>
    private static LogAnswer Whole(LogAnswer page) =>
        page.Code == Code.Accepted ? page : throw new LogUnavailableException($"The log can't be read on: {page.Code.Info().Name}.");
}
