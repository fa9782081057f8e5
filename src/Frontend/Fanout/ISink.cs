using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// Where a cursor's bytes go: the seam between fan-out and a transport. One call at a time; the bytes are shared
/// with other viewers and stay unchanged.
/// </summary>
internal interface ISink
{
    WireFormat Format { get; }

    /// <summary>What its frames are counted under.</summary>
    Transport Transport => Format == WireFormat.Sse ? Transport.Sse : Transport.WebSocket;

    /// <summary>
    /// Sends one message. Completed when it returns: the connection takes more. Not completed: it is stalled, and nothing
    /// more is sent to it until the task ends. Failing or cancelled: the connection is over.
    /// </summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> message);

    /// <summary>How many bytes that were sent have not arrived at the viewer yet; 0 where that can't be known. May cost a system call.</summary>
    int Backlog => 0;

    /// <summary>How many bytes have arrived so far, with those of others that share the connection; 0 where that can't be known. May cost a system call.</summary>
    long Arrived => 0;

    /// <summary>Ends the connection at once; a pending send fails. Must not throw.</summary>
    void Abort(CloseReason reason);
}
