using System.Net;
using System.Net.Sockets;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>How the program ends that is started wrongly, or only asked something.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StartTests
{
    [Theory]
    [InlineData("Urls has to be", "--Urls", "bogus")]
    [InlineData("Urls has to be", "--Urls", "http://127.0.0.1:99999")]
    [InlineData("Logging:LogLevel:Default has to be", "--Logging:LogLevel:Default", "Blah")]
    [InlineData("Logging:Console:FormatterName has to be", "--Logging:Console:FormatterName", "jsn")]
    [InlineData("Log:Redis is of no use", "--Log:Redis", "127.0.0.1:6379")]
    [InlineData("Limits:BodyBytes has no value", "--Limits:BodyBytes")]
    [InlineData("foo is no setting", "foo")]
    public async Task What_is_wrong_refuses_in_one_line_with_2(string told, params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        Assert.Equal(2, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length); // a title, and what is wrong
        Assert.StartsWith($"  {told}", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_without_a_URL_is_told_how_with_2()
    {
        var (code, output) = await RunAsync("probe");
        Assert.Equal(2, code);
        Assert.StartsWith("probe needs one URL", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version", @"^\d+\.\d+\.\d+")]
    [InlineData("--help", "--SETTING VALUE")]
    public async Task Asked_for_its_version_or_for_help_it_answers_and_ends_with_0(string argument, string answer)
    {
        var (code, output) = await RunAsync(argument);
        Assert.Equal(0, code);
        Assert.Matches(answer, output);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_of_in_one_line_that_names_Urls_with_1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (code, output) = await RunAsync("--Log:Kind", "Memory", "--Auth:Dev", "true", "--Urls", $"http://{other.LocalEndpoint}");
        Assert.Equal(1, code);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("Urls: ", line, StringComparison.Ordinal);
        Assert.Contains($"{other.LocalEndpoint}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_of_in_one_line_that_names_Urls_with_1()
    {
        var (code, output) = await RunAsync("--Log:Kind", "Memory", "--Auth:Key", new string('k', 32), "--Urls", "http://192.0.2.1:80");
        Assert.Equal(1, code);
        Assert.StartsWith("Urls: ", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_without_a_certificate_is_refused_in_one_line_with_2()
    {
        var (code, output) = await RunAsync("--Log:Kind", "Memory", "--Auth:Dev", "true", "--Urls", "https://127.0.0.1:0");
        Assert.Equal(2, code);
        Assert.StartsWith("  Urls: Unable to configure HTTPS", output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output)> RunAsync(params string[] arguments) => ServiceRun.ToItsEndAsync(arguments);
}
