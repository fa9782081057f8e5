using Interactions.Contracts;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// Makes every error that leaves the hub <c>code: detail</c>. SignalR puts a sentence of its own before the message of a
/// <see cref="Microsoft.AspNetCore.SignalR.HubException"/>, and answers calls that never reach a method with sentences without a code.
/// </summary>
internal static class PlainErrors
{
    private const string Quoted = ". HubException: ";

    /// <summary>How SignalR begins what it says of an exception that it does not quote.</summary>
    private const string Unexpected = "An ";

    private static readonly HashSet<string> Names = [.. Enum.GetValues<Code>().Select(code => code.Info().Name)];

    private static string Internal => $"{Code.Internal.Info().Name}: {Code.Internal.Info().Meaning}";

    public static HubMessage In(HubMessage message) => message switch
    {
        CompletionMessage { Error: { } error, InvocationId: { } id } => CompletionMessage.WithError(id, Plain(error)),
        CloseMessage { Error: { } error } close => new CloseMessage(error.Contains(Quoted, StringComparison.Ordinal) ? Plain(error) : Internal, close.AllowReconnect),
        _ => message,
    };

    private static string Plain(string error)
    {
        // The last, for what comes before it names the method as the client did.
        var quoted = error.LastIndexOf(Quoted, StringComparison.Ordinal);
        var text = quoted < 0 ? error : error[(quoted + Quoted.Length)..];
        if (Names.Contains(text.Split(": ", 2)[0])) return text;
        return quoted < 0 && error.StartsWith(Unexpected, StringComparison.Ordinal)
            ? Internal
            : $"{Code.BadRequest.Info().Name}: {text}";
    }
}
