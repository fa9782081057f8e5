using System.Globalization;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.RealClients;

/// <summary>The project's own client (clients/js). Each scenario runs services and proxies of its own.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class JsClientTests
{
    [Fact]
    public async Task Its_unit_tests_pass()
    {
        var tests = Directory.GetFiles(Path.Combine(Repository.Root, "clients", "js", "test"), "*.test.js");
        Assert.NotEmpty(tests);
        await Command.RunAsync("node", ["--test", "--test-reporter=tap", .. tests]);
    }

    /// <summary>The whole storm is 50 of each: clients/js/README.md has the command, and INTERACTIONS_STORM sets the number here.</summary>
    [Fact]
    public async Task Through_restarts_and_cuts_nothing_is_missed_or_twice_and_the_state_is_the_services()
    {
        var each = Environment.GetEnvironmentVariable("INTERACTIONS_STORM") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 6;
        await NodeAsync("storm.mjs", TimeSpan.FromSeconds(120 + (each * 12)), $"--restarts={each}", $"--cuts={each}", "--browser=yes");
    }

    [Fact]
    public async Task Five_hundred_come_back_with_no_more_than_a_fifth_in_any_second() =>
        await NodeAsync("crowd.mjs", TimeSpan.FromSeconds(180));

    [Fact]
    public async Task It_finds_a_way_through_proxies_that_refuse_hold_back_or_forget_and_its_tokens_are_renewed() =>
        await NodeAsync("networks.mjs", TimeSpan.FromSeconds(90));

    [Fact]
    public async Task In_Chromium_it_does_the_same_under_the_pages_policy() =>
        await NodeAsync("browser-client.mjs", TimeSpan.FromSeconds(120));

    private static async Task NodeAsync(string script, TimeSpan limit, params string[] arguments)
    {
        var output = await Command.RunAsync("node", limit, [script, $"--dll={Repository.ServiceDll}", .. arguments]);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
    }
}
