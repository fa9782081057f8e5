using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Crashes;

/// <summary>Sends taps without a key and keeps account of what was answered. Never sends one again: it could count twice.</summary>
internal sealed class TapSender(Client client, string stream, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Taps that were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Taps whose answer never came.</summary>
    public long Unanswered { get; private set; }

    /// <summary>Sends until the service no longer answers.</summary>
    public async Task SendUntilCutOffAsync(string kind)
    {
        while (true)
        {
            var count = _random.Next(1, 6);
            try
            {
                var answer = await client.CallAsync(
                    HttpMethod.Post, $"streams/{stream}/interactions", JsonSerializer.Serialize(new { type = "reaction", kind, count }));
                if (answer.Status == 429) continue;
                if (answer.Status == 200)
                {
                    var result = answer.Json.GetProperty("results")[0];
                    if (result.GetProperty("status").GetString() == "accepted") Acknowledged += count;
                    continue;
                }

                Unanswered += count;
                if (answer.Status != 503) throw new InvalidOperationException($"Answered {answer.Status}: {answer.Text}");
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
            {
                Unanswered += count;
                return;
            }
        }
    }
}
