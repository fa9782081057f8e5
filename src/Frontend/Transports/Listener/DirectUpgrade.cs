using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Transports.Sse;
using Interactions.Frontend.Transports.WebSocket;
using Interactions.Frontend.Wire;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// Answers live requests without Kestrel. Each is put into the same kind of request that the rest of the service sees and asked the
/// same questions by the same code; that context lives only until the answer's head is written.
/// </summary>
internal sealed partial class DirectUpgrade(
    Admittance admittance,
    ProxyOptions proxies,
    ICorsService cors,
    ICorsPolicyProvider policies,
    LiveEvents events,
    FramedSockets sockets,
    TimeProvider time,
    ILogger<DirectUpgrade> logger)
{
    /// <summary>Whether the request is served here; if not, it is Kestrel's.</summary>
    public static bool Serves(RequestHead head)
    {
        if (head.IsSocket) return Handshake.IsAsked(head.Headers);
        foreach (var (name, _) in head.Headers)
        {
            // An upgrade that is not ours to judge.
            if (name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    /// <summary>Admits and serves a connection whose head was taken. Never throws.</summary>
    public async Task OpenAsync(LiveConnection connection, Arrival arrival)
    {
        try
        {
            var http = Request(arrival);
            PageHeaders.Write(http);
            if (await policies.GetPolicyAsync(http, null) is { } policy && http.Request.Headers.Origin.Count > 0)
                cors.ApplyResult(cors.EvaluatePolicy(http, policy), http.Response);
            var head = arrival.Head!;
            await (head.IsSocket ? OpenSocketAsync(connection, http, head.Stream) : OpenEventsAsync(connection, http, head.Stream));
        }
        catch (IOException)
        {
            connection.Close(); // it left first
        }
        catch (Exception broken)
        {
            LogBroken(logger, broken);
            connection.Abort();
        }
    }

    private async ValueTask OpenEventsAsync(LiveConnection connection, HttpContext http, string id)
    {
        Admitted? someone = null;
        if (admittance.MayConnect(http, Transport.Sse, out var refusal))
            (someone, refusal) = await admittance.AdmitAsync(http, Transport.Sse, id, EventStream.Resume(http.Request));
        if (someone is { } admitted)
        {
            var begin = EventStream.Begin(http.Response);
            _ = events.ServeAsync(connection, id, RawAnswer.Encode(http.Response, begin, time.GetUtcNow()), admitted);
            return;
        }

        await RefuseAsync(connection, http, refusal);
    }

    private async ValueTask OpenSocketAsync(LiveConnection connection, HttpContext http, string id)
    {
        if (!admittance.MayConnect(http, Transport.WebSocket, out var refusal))
        {
            await RefuseAsync(connection, http, refusal);
            return;
        }

        Handshake.Answer(http.Request.Headers, http.Response);
        await connection.SendAsync(RawAnswer.Encode(http.Response, [], time.GetUtcNow()));
        _ = sockets.OpenAsync(connection, http, id);
    }

    private async ValueTask RefuseAsync(LiveConnection connection, HttpContext http, Refusal refusal)
    {
        using var body = new MemoryStream();
        http.Response.Body = body;
        await Problem.WriteAsync(http, refusal.Code, refusal.Detail, refusal.RetryAfter);
        await connection.SendAsync(RawAnswer.Encode(http.Response, body.ToArray(), time.GetUtcNow()));
        connection.Close();
    }

    private DefaultHttpContext Request(Arrival arrival)
    {
        var head = arrival.Head!;
        var http = new DefaultHttpContext();
        var request = http.Request;
        (request.Method, request.Scheme, request.Protocol) = (HttpMethods.Get, "http", HttpProtocol.Http11);
        request.Path = $"/v1/streams/{head.Stream}/{(head.IsSocket ? "socket" : "events")}";
        request.QueryString = new QueryString(head.Query);
        foreach (var (name, value) in head.Headers) request.Headers.Append(name, value);
        http.Connection.RemoteIpAddress = ClientAddress.Of(arrival.Client.Address, request.Headers["X-Forwarded-For"], proxies);
        http.Connection.RemotePort = arrival.Client.Port;
        return http;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A live request failed")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
