using System.Text.Json;
using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>An HTTP answer, read to its end.</summary>
internal sealed record Answer(int Status, string MediaType, string Text)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The body, when the status is this one.</summary>
    public JsonElement Expect(int status)
    {
        Assert.True(Status == status, $"{status} expected, answered {Status}: {Text}");
        return Text.Length == 0 ? default : Json;
    }

    /// <summary>Checks that this is the documented form of an error, and gives its code.</summary>
    public string Problem(int status)
    {
        Assert.True(Status == status, $"{status} expected, answered {Status}: {Text}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        return Json.GetProperty("code").GetString()!;
    }
}
