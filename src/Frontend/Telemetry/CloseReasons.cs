using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Telemetry;

/// <summary>Why connections end, in metrics and logs.</summary>
internal static class CloseReasons
{
    /// <summary>The client went.</summary>
    public const string Left = "left";

    /// <summary>The client broke the protocol.</summary>
    public const string BadMessage = "bad_message";

    /// <summary>The client took nothing, or answered nothing, for too long: it is stuck, or its network is gone.</summary>
    public const string NoProgress = "no_progress";

    public static IReadOnlyList<string> All { get; } = [Left, BadMessage, NoProgress, "going_away", "token_expired", "token_refused", "not_found", "damaged", "internal"];

    /// <param name="reason">The server's; null = the client left.</param>
    public static string Name(CloseReason? reason) => reason switch
    {
        CloseReason.GoingAway => "going_away",
        CloseReason.TokenExpired => "token_expired",
        CloseReason.TokenRefused => "token_refused",
        CloseReason.NotFound => "not_found",
        CloseReason.Damaged => "damaged",
        CloseReason.NoProgress => NoProgress,
        CloseReason.Internal => "internal",
        _ => Left,
    };
}
