using System.Globalization;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>What one fault did: a line of the matrix.</summary>
/// <param name="Unanswered">Taps without a key whose answer did not come: they may count or not.</param>
/// <param name="Recovered">From the fault's end until something sent to every living node was seen by every viewer.</param>
internal sealed record FaultRow(string Fault, long Acknowledged, long Counted, long Unanswered, int Retries, long Lost, long Repeated, TimeSpan Recovered)
{
    private const string Heading =
        "| fault | acknowledged | counted | unanswered taps | retries by key | lost | repeated | recovered after |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";

    private static readonly Lock Gate = new();

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Fault} | {Acknowledged} | {Counted} | {Unanswered} | {Retries} | {Lost} | {Repeated} | {Recovered.TotalSeconds:0.00} s |");

    /// <summary>Into the test's output, and into TestResults/faults.md.</summary>
    public void Tell()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(ToString());
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults")).FullName, "faults.md");
        lock (Gate)
        {
            if (!File.Exists(file)) File.WriteAllText(file, Heading);
            File.AppendAllText(file, $"{this}\n");
        }
    }
}
