using System.Text.Json;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Remote;

/// <summary>
/// One line from the tool to a process that holds viewers. Each is answered by one line: the counts so far, with
/// latencies only when <paramref name="Latencies"/> asks for them.
/// </summary>
/// <param name="Do"><c>start</c>, <c>measure</c>, <c>expect</c>, <c>cut</c> or <c>count</c>.</param>
/// <param name="FromTicks">With <c>measure</c>: what comes before is not measured.</param>
internal sealed record SwarmCommand(
    string Do, SwarmPlan? Plan = null, LikeClock Clock = default, long FromTicks = 0, Expectation? Expected = null, bool Latencies = false)
{
    public const string Start = "start";
    public const string Measure = "measure";
    public const string Expect = "expect";
    public const string Cut = "cut";
    public const string Count = "count";

    public static JsonSerializerOptions Json { get; } = new() { Converters = { new HistogramJson() } };
}
