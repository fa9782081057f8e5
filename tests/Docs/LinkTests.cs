using System.Text.RegularExpressions;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.Docs;

public sealed partial class LinkTests
{
    private static readonly string[] NotOurs = ["node_modules", "bin", "obj", ".git", "TestResults", "data"];

    [Fact]
    public async Task Every_relative_link_in_markdown_leads_to_a_file_and_every_anchor_to_a_heading()
    {
        var files = Pages(new DirectoryInfo(Repository.Root)).ToList();
        Assert.True(files.Count >= 8, $"{files.Count} pages");
        var broken = new List<string>();
        foreach (var file in files)
        {
            var text = Fences().Replace(await File.ReadAllTextAsync(file.FullName), "");
            foreach (Match link in Links().Matches(text))
            {
                var (path, anchor) = Split(link.Groups[1].Value);
                var target = path.Length == 0 ? file.FullName : Path.GetFullPath(path, file.DirectoryName!);
                var page = Path.GetRelativePath(Repository.Root, file.FullName);
                if (!Path.Exists(target)) broken.Add($"{page}: {link.Groups[1].Value}");
                else if (anchor.Length > 0 && !Anchors(await File.ReadAllTextAsync(target)).Contains(anchor)) broken.Add($"{page}: {link.Groups[1].Value} (no such heading)");
            }
        }

        Assert.Empty(broken);
    }

    private static IEnumerable<FileInfo> Pages(DirectoryInfo folder) =>
        folder.GetFiles("*.md").Concat(folder.GetDirectories().Where(inner => !NotOurs.Contains(inner.Name)).SelectMany(Pages));

    private static (string Path, string Anchor) Split(string link) =>
        link.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0 ? (link[..hash], link[(hash + 1)..]) : (link, "");

    private static IEnumerable<string> Anchors(string markdown) =>
        Headings().Matches(Fences().Replace(markdown, ""))
            .Select(heading => Dropped().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    // Links and images, but none with a scheme.
    [GeneratedRegex(@"\]\((?![a-z]+:)([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Dropped();
}
