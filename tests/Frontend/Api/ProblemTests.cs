using System.Text;
using System.Text.Json;
using Interactions.Contracts;
using Interactions.Frontend.Api;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class ProblemTests
{
    [Fact]
    public async Task An_error_is_problem_details_with_a_code()
    {
        var (context, body) = await Written(Code.NotFound, "No stream x.");
        Assert.Equal(404, context.Response.StatusCode);
        Assert.Equal("application/problem+json", context.Response.ContentType);
        Assert.Equal("""{"type":"about:blank","title":"Not Found","status":404,"detail":"No stream x.","code":"not_found"}""", body);
        Assert.Equal(body.Length, context.Response.ContentLength);
        Assert.Empty(context.Response.Headers.RetryAfter.ToString());
    }

    [Theory]
    [InlineData((int)Code.RateLimited, null, "1")]
    [InlineData((int)Code.RateLimited, 0, "1")]
    [InlineData((int)Code.RateLimited, 1001, "2")]
    [InlineData((int)Code.Unavailable, null, "1")]
    [InlineData((int)Code.Unavailable, 3000, "3")]
    public async Task Too_many_and_unavailable_say_when_in_whole_seconds(int code, int? waitMs, string seconds)
    {
        var (context, _) = await Written((Code)code, null, waitMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null);
        Assert.Equal(seconds, context.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_401_asks_for_a_bearer_token() =>
        Assert.Equal("Bearer", (await Written(Code.Unauthorized)).Context.Response.Headers.WWWAuthenticate);

    [Fact]
    public async Task Every_code_of_the_table_can_be_written()
    {
        foreach (var code in Enum.GetValues<Code>().Where(code => code != Code.Accepted))
        {
            var (context, body) = await Written(code);
            using var json = JsonDocument.Parse(body);
            Assert.Equal(code.Info().Name, json.RootElement.GetProperty("code").GetString());
            Assert.Equal(context.Response.StatusCode, json.RootElement.GetProperty("status").GetInt32());
            Assert.NotEmpty(json.RootElement.GetProperty("title").GetString()!);
            Assert.Equal(context.Response.StatusCode is 429 or 503, context.Response.Headers.ContainsKey("Retry-After"));
        }
    }

    [Fact]
    public void Results_are_written_in_order_as_the_protocol_says()
    {
        var position = new Position("k3f", 17);
        var body = ResultJson.Encode([ItemResult.Accepted(position, 2), ItemResult.Rejected(Code.SlowMode, 2400), ItemResult.Rejected(Code.Banned)]);
        Assert.Equal(
            """{"results":[{"status":"accepted","id":"k3f.17.2","position":"k3f.17"},{"status":"rejected","code":"slow_mode","retryAfterMs":2400},{"status":"rejected","code":"banned"}]}""",
            Encoding.UTF8.GetString(body));
        Assert.Equal("""{"results":[]}""", Encoding.UTF8.GetString(ResultJson.Encode([])));
    }

    private static async Task<(HttpContext Context, string Body)> Written(Code code, string? detail = null, TimeSpan? wait = null)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await Problem.WriteAsync(context, code, detail, wait);
        return (context, Encoding.UTF8.GetString(body.ToArray()));
    }
}
