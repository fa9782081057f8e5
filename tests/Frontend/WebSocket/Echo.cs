using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports.WebSocket;
using Interactions.Frontend.Wire;

namespace Interactions.Tests.Frontend.WebSocket;

internal sealed class Echo(Cursor cursor) : IConversation
{
    public Task? Behind => null;

    public Task Answered => Task.CompletedTask;

    public bool Hear(ReadOnlyMemory<byte> message) => cursor.Reply(ServerFrame.Text(message.Span));
}
