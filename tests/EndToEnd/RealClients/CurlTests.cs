using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.RealClients;

[Collection(EndToEndCollection.Name)]
public sealed class CurlTests(RunningService running)
{
    [Fact]
    public async Task Curl_creates_starts_sends_and_reads()
    {
        var v1 = new Uri(running.Process.Address, "v1").ToString();
        var made = await CurlAsync("-X", "POST", $"{v1}/dev/tokens", "--json", """{"sub":"curl","name":"Curl","role":"broadcaster"}""");
        var token = JsonSerializer.Deserialize<JsonElement>(made).GetProperty("token").GetString();
        string[] bearer = ["-H", $"Authorization: Bearer {token}"];

        await CurlAsync([.. bearer, "-X", "PUT", $"{v1}/streams/curl", "--json", """{"title":"From a shell"}"""]);
        await CurlAsync([.. bearer, "-X", "POST", $"{v1}/streams/curl/start"]);
        var sent = await CurlAsync([.. bearer, $"{v1}/streams/curl/interactions", "--json", """{"type":"comment","text":"it's me"}"""]);
        Assert.Equal("accepted", JsonSerializer.Deserialize<JsonElement>(sent).GetProperty("results")[0].GetProperty("status").GetString());
        Assert.Contains("it's me", await CurlAsync($"{v1}/streams/curl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curl_watches_until_it_has_had_enough()
    {
        using var owner = await Client.SignInAsync(running.Process, "curl-watch", "broadcaster");
        await owner.GoLiveAsync("curl-watch");

        // curl ends with 28 at --max-time; the shell turns that into 0.
        var events = await Command.RunAsync("sh", "-c", $"curl -sSN --max-time 2 '{running.Process.Address}v1/streams/curl-watch/events' || [ $? = 28 ]");

        Assert.Contains("event: snapshot", events, StringComparison.Ordinal);
        Assert.Contains("retry: ", events, StringComparison.Ordinal);
        Assert.Contains("id: ", events, StringComparison.Ordinal);
    }

    private static Task<string> CurlAsync(params string[] arguments) => Command.RunAsync("curl", ["-sS", "--fail-with-body", .. arguments]);
}
