using System.Globalization;
using System.Text.RegularExpressions;
using Interactions.Frontend.Settings;
using Interactions.Tests.EndToEnd.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Interactions.Tests.Docs;

/// <summary>What docs/operations.md allows as values is what is taken.</summary>
public sealed partial class SettingsPageTests
{
    [Fact]
    public async Task The_ranges_of_the_page_are_those_that_are_checked()
    {
        var ranges = Ranges().Matches(await PageAsync());
        Assert.True(ranges.Count >= 10, $"{ranges.Count} ranges");
        Assert.All(ranges, range =>
        {
            var (setting, least, most) = (range.Groups[1].Value, Number(range.Groups[2].Value), Number(range.Groups[3].Value));
            Assert.True(Takes(setting, least) && Takes(setting, most), $"{setting} does not take {least} or {most}.");
            Assert.False(Takes(setting, least - 1) || Takes(setting, most + 1), $"{setting} takes less than {least} or more than {most}.");
        });
    }

    [Fact]
    public async Task The_words_of_the_page_are_taken_and_others_are_not()
    {
        var rows = Words().Matches(await PageAsync());
        Assert.True(rows.Count >= 7, $"{rows.Count} rows");
        Assert.All(rows, row =>
        {
            var setting = row.Groups[1].Value;
            Assert.All(row.Groups[2].Value.Split(", "), word => Assert.True(Takes(setting, word.Trim('`')), $"{setting} does not take {word}."));
            Assert.False(Takes(setting, "bogus"), setting);
        });
    }

    private static Task<string> PageAsync() => File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static bool Takes(string setting, long value) => Takes(setting, value.ToString(CultureInfo.InvariantCulture));

    private static bool Takes(string setting, string value)
    {
        // One kind of log needs servers, and some roles a cluster.
        Dictionary<string, string?> settings = new() { ["Log:Kind"] = "Redis", ["Log:Redis"] = "127.0.0.1:6379" };
        if (setting.StartsWith("Cluster:", StringComparison.Ordinal)) (settings["Cluster:Redis"], settings["Cluster:Address"]) = ("127.0.0.1:6379", "127.0.0.1");
        settings[setting] = value;
        try
        {
            AllSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            return true;
        }
        catch (OptionsValidationException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^\| `(\w+:[\w:]+)` \| [^|]* \| (\d+) to (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Ranges();

    [GeneratedRegex(@"^\| `(\w+:[\w:]+)` \| [^|]* \| (`\w+`(?:, `\w+`)+) \|", RegexOptions.Multiline)]
    private static partial Regex Words();
}
