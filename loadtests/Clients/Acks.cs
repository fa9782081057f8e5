using System.Text.Json;

namespace Interactions.LoadTests.Clients;

/// <summary>Reads <c>ack</c> and <c>error</c> messages into the items they answer.</summary>
internal static class Acks
{
    /// <summary>Cheap enough for every message: a sender is sent all frames too and has to read past them.</summary>
    public static bool MayAnswer(ReadOnlySpan<byte> message) =>
        message.StartsWith("{\"t\":\"ack\""u8) || message.StartsWith("{\"t\":\"error\""u8);

    /// <param name="take">Removes and answers what is waiting under a ref; null = nothing.</param>
    /// <returns>The code of an error that answers nothing that was sent; null = all is well.</returns>
    public static string? Read(ReadOnlySpan<byte> message, long timestamp, Func<long, SentItem?> take)
    {
        using var document = JsonDocument.Parse(message.ToArray());
        var root = document.RootElement;
        var item = root.TryGetProperty("ref", out var reference) && reference.TryGetInt64(out var number) ? take(number) : null;
        if (root.GetProperty("t").ValueEquals("error"u8))
        {
            var code = root.GetProperty("code").GetString() ?? "error";
            if (item is null) return code;

            // By protocol the outcome is unknown then, so it stays unanswered.
            if (code is not ("unavailable" or "internal")) Answer(item, timestamp, code);
            return null;
        }

        if (item is null) return "ack_without_ref";
        var result = root.GetProperty("results")[0];
        if (result.GetProperty("status").ValueEquals("accepted"u8))
        {
            item.Id = result.TryGetProperty("id", out var id) ? id.GetString() : null;
            item.Position = result.TryGetProperty("position", out var position) ? position.GetString() : null;
            Answer(item, timestamp, "accepted");
        }
        else
        {
            Answer(item, timestamp, result.GetProperty("code").GetString() ?? "rejected");
        }

        return null;
    }

    private static void Answer(SentItem item, long timestamp, string outcome)
    {
        item.AnsweredAt = timestamp;
        item.Outcome = outcome;
    }
}
