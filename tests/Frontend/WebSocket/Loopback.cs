using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports.WebSocket;
using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>WebSockets on real connections, with a conversation of the test's choice behind them.</summary>
public abstract class Loopback : IAsyncLifetime
{
    internal ClosingSockets ClosingSockets { get; } = new(TimeProvider.System);

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        ClosingSockets.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A client of a WebSocket whose handshake is done.</summary>
    internal abstract Task<(RawClient Client, Cursor Cursor)> OpenAsync(Func<Cursor, IConversation> converse, int longestMessageBytes = 65536);

    /// <summary>A client whose WebSocket is closed as soon as it is open.</summary>
    internal abstract Task<RawClient> RefuseAsync(int code, string detail);

    /// <summary>After a close frame: nothing more comes, and the server ends the connection, if it can see that the client has understood.</summary>
    internal virtual async Task EndsAsync(RawClient client) => Assert.Null(await client.NextAsync());
}
