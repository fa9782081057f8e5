using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.Docs;

[Collection(EndToEndCollection.Name)]
public sealed class ReadmeTests
{
    private const string DocumentedAddress = "http://127.0.0.1:5080";

    [Fact]
    public async Task The_readmes_client_says_what_it_heard_and_ends()
    {
        var example = Assert.Single(MarkdownBlock.Of(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"))), block => block.Language == "js").Text;
        Assert.InRange(example.Split('\n').Length, 1, 10);
        Assert.Contains(DocumentedAddress, example, StringComparison.Ordinal);
        await using var fresh = await ServiceProcess.StartAsync();

        // A program given to node as text imports from the folder it is started in.
        var address = fresh.Address.GetLeftPart(UriPartial.Authority);
        var said = await Command.RunAsync(
            "env", "-C", Repository.Root, "node", "--input-type=module", "-e", example.Replace(DocumentedAddress, address, StringComparison.Ordinal));

        Assert.Contains("totals: { like: 1 }", said, StringComparison.Ordinal);
        Assert.Contains("text: 'Hello'", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_readmes_numbers_are_those_of_the_benchmarks()
    {
        var benchmarks = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "benchmarks.md"));
        var rows = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"))).Split('\n')
            .Where(line => line.StartsWith('|') && line.Contains(" ms ", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var numbers = row.Split('|', StringSplitOptions.TrimEntries).Where(cell => cell.EndsWith(" ms", StringComparison.Ordinal)).Select(cell => cell[..^3]).ToList();
            Assert.Contains(benchmarks.Split('\n'), line => numbers.All(number => line.Split('|', StringSplitOptions.TrimEntries).Contains(number)));
        });
    }
}
