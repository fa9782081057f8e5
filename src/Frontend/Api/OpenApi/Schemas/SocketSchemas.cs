using Microsoft.OpenApi;
using static Interactions.Frontend.Api.OpenApi.JsonSchema;

namespace Interactions.Frontend.Api.OpenApi.Schemas;

/// <summary>The messages of a WebSocket; over Server-Sent Events <c>event</c> stands for <c>t</c>.</summary>
internal static class SocketSchemas
{
    public static IEnumerable<(string Name, IOpenApiSchema Schema)> All()
    {
        yield return ("ServerMessage", Union(
            "What a WebSocket is sent. SignalR's `Watch` streams the first two.", "t",
            ("snapshot", "SnapshotMessage"), ("frame", "FrameMessage"), ("ack", "Ack"), ("error", "SocketError"), ("bye", "ByeMessage"), ("pong", "Pong")));
        yield return ("ClientMessage", Union("What is sent on a WebSocket.", "t", ("send", "Send"), ("token", "RenewToken"), ("ping", "Ping")));

        yield return ("SnapshotMessage", FrameSchemas.Message("snapshot", "As `Snapshot`."));
        yield return ("FrameMessage", FrameSchemas.Message("frame", "As `Frame`."));
        yield return ("Ack", Object("The answer to `send`.", ("t", Only("ack")), ("ref?", Ref()), ("results", List(See("Result")))));
        yield return ("SocketError", Object(
            "A message could not be taken; the connection goes on.",
            ("t", Only("error")), ("code", Text()), ("detail", Text("A sentence for people")), ("ref?", Ref())));
        yield return ("Bye", Object(
            "The server closes on purpose.", ("reconnectInMs", Whole("When to come back, jittered per connection, in ms", 0))));
        yield return ("ByeMessage", Object(
            "The server closes on purpose.", ("t", Only("bye")), ("reconnectInMs", Whole("When to come back, jittered per connection, in ms", 0))));
        yield return ("Pong", Object("The answer to `ping`.", ("t", Only("pong")), ("at", Time("The server's clock"))));

        yield return ("Send", Object(
            "Sends interactions.",
            ("t", Only("send")),
            ("ref?", Ref()),
            ("items", See("Interactions"))));
        yield return ("RenewToken", Object("Renews the token before it expires.", ("t", Only("token")), ("token", Text())));
        yield return ("Ping", Object("Asks for a `pong`.", ("t", Only("ping")), ("latencyMs?", OperatorSchemas.Latencies())));
    }

    private static OpenApiSchema Ref() => Whole("Chosen by the client, repeated in the answer");
}
