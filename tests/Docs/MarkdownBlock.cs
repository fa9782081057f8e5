namespace Interactions.Tests.Docs;

/// <summary>A fenced block of a markdown file.</summary>
/// <param name="Line">Of its opening fence, from 1.</param>
internal sealed record MarkdownBlock(string Language, string Text, int Line)
{
    public static List<MarkdownBlock> Of(string markdown)
    {
        var blocks = new List<MarkdownBlock>();
        string? language = null;
        var text = new List<string>();
        var start = 0;
        var number = 0;
        foreach (var line in markdown.Split('\n'))
        {
            number++;
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                if (language is not null) text.Add(line);
            }
            else if (language is null)
            {
                (language, start) = (line[3..].Trim(), number);
            }
            else
            {
                blocks.Add(new MarkdownBlock(language, string.Join('\n', text), start));
                language = null;
                text.Clear();
            }
        }

        return blocks;
    }
}
