using System.Globalization;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Crashes;

/// <summary>Sends reactions and comments with keys, and sends what was not answered again until it is.</summary>
internal sealed class KeyedSender(Client client, string stream)
{
    private readonly Dictionary<string, string> _idOfText = [];
    private (string Key, string Json, string? Text, int Count)? _pending;
    private int _next;

    /// <summary>Reactions that were acknowledged.</summary>
    public long Reactions { get; private set; }

    /// <summary>How often something was sent again because the answer never came.</summary>
    public int Retries { get; private set; }

    /// <summary>The id that each comment was acknowledged under.</summary>
    public IReadOnlyDictionary<string, string> IdOfText => _idOfText;

    public bool HasPending => _pending is not null;

    /// <summary>Sends until the service no longer answers; what was not answered stays pending.</summary>
    public async Task SendUntilCutOffAsync(string kind)
    {
        do
        {
            _pending ??= Make(kind);
        }
        while (await SendPendingAsync());
    }

    /// <summary>Sends what is pending once more; false when there was no answer.</summary>
    public async Task<bool> SendPendingAsync()
    {
        if (_pending is not { } item) return true;
        try
        {
            var answer = await client.CallAsync(HttpMethod.Post, $"streams/{stream}/interactions", item.Json);
            if (answer.Status is 429 or 503) return true;
            var result = answer.Expect(200).GetProperty("results")[0];
            if (result.GetProperty("status").GetString() != "accepted") throw new InvalidOperationException($"Rejected: {result}");
            if (item.Text is null) Reactions += item.Count;
            else _idOfText.Add(item.Text, result.GetProperty("id").GetString()!);
            _pending = null;
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
        {
            Retries++;
            return false;
        }
    }

    private (string Key, string Json, string? Text, int Count) Make(string kind)
    {
        var number = _next++;
        var key = string.Create(CultureInfo.InvariantCulture, $"{client.User}-{number}");
        var count = (number % 3) + 1;
        if (number % 8 != 1) return (key, JsonSerializer.Serialize(new { type = "reaction", kind, count, key }), null, count);
        var text = $"comment {key}";
        return (key, JsonSerializer.Serialize(new { type = "comment", text, key }), text, 0);
    }
}
