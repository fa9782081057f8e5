using System.Net.Http.Json;
using System.Text.Json;

namespace Interactions.LoadTests.Clients;

/// <summary>Tokens that a service started with <c>Auth:Dev</c> gives to anyone on its own machine.</summary>
internal sealed class DevTokens(HttpClient http, Uri baseAddress) : ITokenSource
{
    public async ValueTask<string> TokenAsync(string user, string name, string role, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(new Uri(baseAddress, "/v1/dev/tokens"), new { sub = user, name, role }, cancellationToken);
        await ServiceClient.EnsureAsync(response, "asking for a token (or give --key)", cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.GetProperty("token").GetString() ?? throw new FormatException("The service answered without a token.");
    }
}
