using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.Docs;

/// <summary>docs/api.md is true: its commands run, and the answers that it shows are those that come.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ApiPageTests
{
    private const int TimedOut = 28; // curl's --max-time, on calls that stay open

    [Fact]
    public async Task Every_command_of_the_page_is_answered_as_the_page_shows()
    {
        var blocks = MarkdownBlock.Of(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "api.md")));
        var commands = blocks.Where(block => block.Language == "sh").ToList();
        Assert.True(commands.Count >= 25, $"{commands.Count} commands");
        Assert.All(blocks, block => Assert.Contains(block.Language, (string[])["sh", "http"]));

        await using var fresh = await ServiceProcess.StartAsync();
        var outcomes = await ShellPage.RunAsync([.. commands.Select(command => command.Text)], fresh.Address);

        var wrong = new List<string>();
        for (var i = 0; i < commands.Count; i++)
        {
            var place = blocks.IndexOf(commands[i]) + 1;
            var shown = place < blocks.Count && blocks[place].Language == "http" ? blocks[place] : null;
            wrong.AddRange(Wrong(shown, outcomes[i]).Select(what => $"docs/api.md:{commands[i].Line}: {what}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_call_of_the_API_is_on_the_page()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "api.md"));
        var document = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "openapi.json")));
        var words = page.Replace("$STREAM", "/v1/streams/{id}", StringComparison.Ordinal);
        Assert.All(document.GetProperty("paths").EnumerateObject(), path => Assert.Contains(path.Name, words, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Wrong(MarkdownBlock? shown, ShellPage.Outcome outcome)
    {
        if (outcome.Code is not (0 or TimedOut)) yield return $"ended with {outcome.Code}: {outcome.Errors}";
        if (shown is null) yield break;

        var parts = shown.Text.Split("\n\n", 2);
        var head = parts[0].Split('\n');
        var answered = outcome.Headers.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (answered.FirstOrDefault()?.TrimEnd() != head[0]) yield return $"shown {head[0]}, answered {answered.FirstOrDefault()}: {outcome.Output}";
        foreach (var header in head.Skip(1))
        {
            // How long to wait depends on the moment.
            var fits = header.StartsWith("Retry-After: ", StringComparison.Ordinal)
                ? answered.Any(line => line.StartsWith("Retry-After: ", StringComparison.OrdinalIgnoreCase))
                : answered.Contains(header, StringComparer.OrdinalIgnoreCase);
            if (!fits) yield return $"shown {header}, answered {string.Join(", ", answered)}";
        }

        if (parts.Length < 2) yield break;
        var isJson = answered.Any(line => line.StartsWith("content-type: application/", StringComparison.OrdinalIgnoreCase) && line.EndsWith("json", StringComparison.OrdinalIgnoreCase))
            && !answered.Any(line => line.Contains("ndjson", StringComparison.OrdinalIgnoreCase));
        var differences = isJson
            ? Likeness.Differences(JsonSerializer.Deserialize<JsonElement>(parts[1]), JsonSerializer.Deserialize<JsonElement>(outcome.Output))
            : Likeness.Differences(parts[1], outcome.Output);
        foreach (var difference in differences) yield return difference;
    }
}
