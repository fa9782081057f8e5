using System.Text;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.Docs;

/// <summary>Runs the shell blocks of a page, in order and in one bash, and keeps what the last curl of each block was answered.</summary>
internal static class ShellPage
{
    /// <summary>One block's end: bash's code, the header lines and what it printed.</summary>
    public sealed record Outcome(int Code, string Headers, string Output, string Errors);

    /// <param name="host">What the page calls <c>$HOST</c>.</param>
    public static async Task<List<Outcome>> RunAsync(IReadOnlyList<string> blocks, Uri host)
    {
        var folder = Directory.CreateTempSubdirectory("interactions-docs-").FullName;
        try
        {
            var script = new StringBuilder()
                .Append("export HOST=").AppendLine(host.GetLeftPart(UriPartial.Authority))
                .AppendLine("curl() { command curl -D \"$HEADERS\" \"$@\" > \"$HEADERS.body\"; local code=$?; cat \"$HEADERS.body\"; return $code; }");
            for (var i = 0; i < blocks.Count; i++)
            {
                var place = Path.Combine(folder, $"{i}");
                script.AppendLine($"HEADERS={place}.headers; : > $HEADERS; : > $HEADERS.body")
                    .AppendLine("{").AppendLine(blocks[i]).AppendLine($"}} > /dev/null 2> {place}.errors; echo $? > {place}.code");
            }

            var file = Path.Combine(folder, "page.sh");
            await File.WriteAllTextAsync(file, script.ToString());
            await Command.RunAsync("bash", file);

            var outcomes = new List<Outcome>();
            for (var i = 0; i < blocks.Count; i++)
            {
                Task<string> Read(string suffix) => File.ReadAllTextAsync(Path.Combine(folder, $"{i}.{suffix}"));
                outcomes.Add(new(int.Parse(await Read("code"), null), await Read("headers"), await Read("headers.body"), await Read("errors")));
            }

            return outcomes;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
