using System.Text.Json;
using Interactions.LoadTests.Clients;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class UsedStreamTests
{
    [Theory]
    [InlineData("""{"totals":{"like":1}}""", true)]
    [InlineData("""{"totals":{"like":0},"comments":[{"id":"a.1.0"}]}""", true)]
    [InlineData("""{"totals":{"like":0},"comments":[]}""", false)]
    [InlineData("{}", false)]
    public void A_stream_is_used_once_it_holds_a_reaction_or_a_comment(string snapshot, bool used)
    {
        using var document = JsonDocument.Parse(snapshot);

        Assert.Equal(used, ServiceClient.IsUsed(document.RootElement));
    }
}
