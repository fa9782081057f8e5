namespace Interactions.Frontend.Transports.SignalR;

/// <summary>The hub's methods as clients see them.</summary>
internal static class HubCalls
{
    /// <summary>What each takes, for whoever gave something else; and whether the last argument may be left out.</summary>
    public static readonly IReadOnlyDictionary<string, (string Takes, bool IsLastOptional)> All =
        new Dictionary<string, (string, bool)>(StringComparer.OrdinalIgnoreCase) // as SignalR looks for methods
        {
            [nameof(InteractionsHub.Watch)] = ("a stream's id, and a position or nothing", true),
            [nameof(InteractionsHub.Send)] = ("a stream's id, and one interaction or a list of them", false),
            [nameof(InteractionsHub.Ping)] = ("a list of latencies, or nothing", true),
        };
}
