using System.Buffers.Binary;
using System.Text.Unicode;
using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>The numbers that a close frame carries (RFC 6455, 7.4, and IANA's registry of them), and those of our protocol.</summary>
internal static class CloseCode
{
    public const int Normal = 1000;
    public const int ProtocolError = 1002;
    public const int GoingAway = 1001;
    public const int InvalidText = 1007;
    public const int Internal = 1011;
    public const int BadMessage = 4400;
    public const int Unauthorized = 4401;

    /// <summary>How a refusal is told on a WebSocket: a browser can't see a status.</summary>
    public static int Of(Code refusal) => refusal switch
    {
        Code.BadRequest => BadMessage,
        Code.Unauthorized => Unauthorized,
        Code.NotFound => 4404,
        Code.TooManyConnections => 4429,
        Code.Damaged => 4500,
        Code.Unavailable or Code.Full => GoingAway, // a client comes back by itself
        Code.Internal => Internal,
        _ => 4403,
    };

    /// <summary>How the server's reason to end a connection is told, in a number and a sentence.</summary>
    public static (int Code, string Detail) Of(CloseReason reason) => reason switch
    {
        CloseReason.TokenExpired => (Unauthorized, TokenClaims.Expired),
        CloseReason.TokenRefused => (Unauthorized, "The token was refused."),
        CloseReason.NotFound => (Of(Code.NotFound), Failure.NoSuchStream),
        CloseReason.Damaged => (Of(Code.Damaged), Code.Damaged.Info().Meaning),
        CloseReason.NoProgress => (4408, "Nothing arrived for too long."),
        CloseReason.Internal => (Internal, Code.Internal.Info().Meaning),
        _ => (GoingAway, "This frontend is going away."),
    };

    /// <summary>Whether an endpoint may send it: 1004 to 1006 and 1015 stand for what is never sent.</summary>
    public static bool MayBeSent(int code) => code is (>= 1000 and <= 1014 and not (1004 or 1005 or 1006)) or (>= 3000 and <= 4999);

    /// <summary>Reads a close frame's payload: nothing, or a code and a reason in UTF-8.</summary>
    /// <param name="code">The code given, <see cref="Normal"/> if there is none; of a wrong payload, the one to close with.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int code)
    {
        code = Normal;
        if (payload.IsEmpty) return true;
        code = ProtocolError;
        if (payload.Length < 2) return false;
        var given = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (!MayBeSent(given)) return false;
        code = InvalidText;
        if (!Utf8.IsValid(payload[2..])) return false;
        code = given;
        return true;
    }
}
