namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>What a viewer's messages are for. One call at a time.</summary>
internal interface IConversation
{
    /// <summary>Null, or: so much is unanswered that no more should be heard until this completes.</summary>
    Task? Behind { get; }

    /// <summary>Completes when all that was heard so far is answered. Asked for once, when no more is heard.</summary>
    Task Answered { get; }

    /// <summary>Takes one message, without waiting for what it leads to.</summary>
    /// <param name="message">UTF-8; good until this returns.</param>
    /// <returns>False: it is not JSON, and the connection has to be closed with <see cref="CloseCode.BadMessage"/>.</returns>
    bool Hear(ReadOnlyMemory<byte> message);
}
