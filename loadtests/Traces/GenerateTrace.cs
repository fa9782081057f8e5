using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Traces;

/// <summary>The command that writes a made-up trace to a file.</summary>
internal static class GenerateTrace
{
    public const string Name = "generate-trace";
    public const string Summary = "writes a made-up trace (CSV) with bursts; the same seed writes the same file";

    private static readonly Option[] Options =
    [
        new("out", Repository.PathOf(Path.Combine("loadtests", "data", "sample-trace.csv")), "the file to write"),
        new("seed", "7", "of the random numbers"),
        new("comments", "600", "how many"),
        new("authors", "150", "how many people at most"),
        new("minutes", "10", "how long"),
    ];

    public static int Run(IReadOnlyList<string> commandLine)
    {
        try
        {
            var arguments = Arguments.Parse(commandLine, Options);
            if (arguments.WantsHelp)
            {
                Console.WriteLine($"{Name}: {Summary}\n");
                BuiltInRunner.PrintOptions(Options);
                return BuiltInRunner.Passed;
            }

            var rows = TraceGenerator.Generate(
                arguments.Count("seed"),
                arguments.Count("comments", least: 1),
                arguments.Count("authors", least: 1),
                TimeSpan.FromMinutes(arguments.Positive("minutes")));
            using (var file = new StreamWriter(arguments.Text("out"))) TraceFile.Write(file, rows);
            Console.WriteLine($"{arguments.Text("out")}: {rows.Count} comments by {rows.Select(r => r.Author).Distinct().Count()} people over {rows[^1].AtMs / 1000} s");
            return BuiltInRunner.Passed;
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{Name} could not run: {e.Message}");
            return BuiltInRunner.CouldNotRun;
        }
    }
}
