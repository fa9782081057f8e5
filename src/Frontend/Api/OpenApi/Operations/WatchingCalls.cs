using System.Text.Json.Nodes;
using Interactions.Contracts;
using Interactions.Frontend.Api.OpenApi.Schemas;
using Interactions.Frontend.Transports.WebSocket;
using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Operations;

/// <summary>Frames as they come.</summary>
internal static class WatchingCalls
{
    private const string Tag = "watching";

    private const string Example =
        "retry: 2718\n\nevent: snapshot\nid: k3f.41\ndata: {\"stream\":\"match-7\",…}\n\nevent: frame\nid: k3f.42\ndata: {\"stream\":\"match-7\",\"position\":\"k3f.42\",…}\n\n";

    public static IEnumerable<Call> All()
    {
        yield return Call.Of(HttpMethod.Get, "/v1/streams/{id}/events", "watchEvents", Tag, "Watches by Server-Sent Events",
                "`event: snapshot` first (`Snapshot`), or one catch-up frame for who resumes; then `event: frame` (`Frame`), each with its position as `id`. "
                + "`event: bye` (`Bye`) before the server closes on purpose. A comment line every 15 s.")
            .ForWatchers()
            .Query("position", Text(), "Where to go on; anything that is not kept any more is answered with a snapshot.")
            .Header("Last-Event-ID", Text(), "The same, as browsers send it; counts before `position`.")
            .Answers(200, "Stays open.", "text/event-stream", new OpenApiMediaType
            {
                Schema = Text("Events whose `data` is a `Snapshot`, a `Frame` or a `Bye`"), Example = JsonValue.Create(Example),
            })
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound, Code.Unavailable);
        yield return Call.Of(HttpMethod.Get, "/v1/streams/{id}/socket", "watchSocket", Tag, "Watches and sends by WebSocket",
                $"Subprotocol `{Handshake.Subprotocol}`, text messages: the server sends `ServerMessage`, the client `ClientMessage`. "
                + "Refusals are close codes: 4400 bad message, 4401 token expired or refused, 4403 forbidden, 4404 no such stream, 4408 no progress, 4500 damaged, "
                + "4429 too many, 1001 going away, 1011 broken.")
            .ForWatchers()
            .Query("position", Text(), "Where to go on; anything that is not kept any more is answered with a snapshot.")
            .Header("Sec-WebSocket-Protocol", Only(Handshake.Subprotocol), "Repeated in the answer when offered.")
            .Answers(101, "The connection is a WebSocket now.")
            .Fails(Code.BadRequest, Code.Forbidden);
        yield return Call.Of(HttpMethod.Get, "/hubs/interactions", "openHub", Tag, "SignalR's connection",
                "Use a SignalR client. `Watch(streamId, position?)` streams `SnapshotMessage` and `FrameMessage`; "
                + "`Send(streamId, items)` takes `Interactions` and answers a list of `Result`; `Ping(latencyMs?)` answers the server's clock. An error is a `HubException` with the message `code: detail`.")
            .ForWatchers()
            .Query("id", Text(), "From `negotiate`.")
            .Answers(101, "The connection is a WebSocket now.")
            .Answers(200, "Events or a poll's answer, in SignalR's own protocol.")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.Forbidden, Code.NotFound);
        yield return Call.Of(HttpMethod.Post, "/hubs/interactions/negotiate", "negotiateHub", Tag, "SignalR's first request")
            .ForWatchers()
            .Query("negotiateVersion", Whole(null, 0, 1), "SignalR's.")
            .Answers(200, "How to connect, in SignalR's own form.", "application/json", new OpenApiMediaType { Schema = Map(Anything("SignalR's")) })
            .Fails(Code.Unauthorized, Code.Forbidden);
        yield return Call.Of(HttpMethod.Post, "/v1/ping", "ping", Tag, "Says how late frames come, and asks for the server's clock",
                "For viewers that can't send on their connection. Nothing is decided by it; it feeds the latency histogram in `/metrics`.")
            .ForWatchers()
            .Takes(See("PingReport"), "At most 1,024 bytes.", isRequired: true, ("sse", """{"transport":"sse","latencyMs":[27,31.5]}"""))
            .Answers(200, "Taken.", "PingAnswer")
            .Fails(Code.BadRequest, Code.Unauthorized, Code.TooLarge, Code.UnsupportedMediaType, Code.RateLimited);
    }
}
