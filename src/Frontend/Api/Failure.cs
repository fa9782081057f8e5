using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Frontend.Feeds;
using Orleans.Runtime;

namespace Interactions.Frontend.Api;

/// <summary>What an exception from below means to whoever asked: the one table of them.</summary>
internal static class Failure
{
    public const string NoSuchStream = "There is no such stream.";

    /// <returns><see cref="Code.Internal"/>: something is broken, and has to be logged.</returns>
    public static Code CodeOf(Exception failed) => failed switch
    {
        LogUnavailableException or TimeoutException or OrleansException => Code.Unavailable, // no silo answered, or not in time
        LogFullException => Code.Full,
        LogDamagedException => Code.Damaged,
        StreamGoneException => Code.NotFound,
        _ => Code.Internal,
    };

    /// <summary>A sentence for whoever asked. What Orleans says names addresses, and is not for clients.</summary>
    public static string DetailOf(Exception failed) => failed switch
    {
        LogUnavailableException or LogFullException => failed.Message,
        StreamGoneException => NoSuchStream,
        _ => CodeOf(failed).Info().Meaning,
    };
}
