namespace Interactions.LoadTests.Clients;

/// <summary>Takes the messages of a connection as they come.</summary>
internal interface IMessageHandler
{
    /// <param name="kind">What the transport says it is, where that stands outside the JSON; else <see cref="MessageKind.Other"/>.</param>
    /// <param name="json">UTF-8, valid only during the call.</param>
    void OnMessage(MessageKind kind, ReadOnlySpan<byte> json);

    /// <summary>Asked after each message, on transports that can be answered on.</summary>
    /// <returns>What to send now; empty = nothing.</returns>
    ReadOnlyMemory<byte> NextToSend() => default;
}
