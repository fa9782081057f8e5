using Interactions.LoadTests.Running;
using Interactions.LoadTests.Scenarios;
using Interactions.LoadTests.Scenarios.Compare;
using Interactions.LoadTests.Scenarios.Failover;
using Interactions.LoadTests.Scenarios.Swarm;
using Interactions.LoadTests.Swarm.Remote;
using Interactions.LoadTests.Traces;

IScenario[] scenarios =
[
    new TraceScenario(), new QuietScenario(), new ReportedLatencyScenario(), HotRoomScenario.HotRoom, HotRoomScenario.MillionLikes, new ManyRoomsScenario(), new IngestScenario(),
    new ReconnectStormScenario(), new SlowViewersScenario(), new IdleScenario(), new SoakScenario(), new PeerScenario(), new FailoverScenario(),
];
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

if (args.Length == 0 || args[0] is "--help" or "-h" or "help")
{
    Console.WriteLine("Usage: dotnet run -c Release --project loadtests -- COMMAND [--option value …]\n");
    foreach (var known in scenarios) Console.WriteLine($"  {known.Name,-16} {known.Summary}");
    Console.WriteLine($"  {GenerateTrace.Name,-16} {GenerateTrace.Summary}");
    Console.WriteLine("\nCOMMAND --help lists its options. Exit codes: 0 passed, 1 something was lost or repeated, 2 could not run.");
    return 0;
}

if (args[0] == SwarmChild.Name) return SwarmChild.Run(Console.In, Console.Out);
if (args[0] == CompareTable.Name) return CompareTable.Run(args[1..]);
if (args[0] == GenerateTrace.Name) return GenerateTrace.Run(args[1..]);
if (Array.Find(scenarios, s => s.Name == args[0]) is { } scenario) return await BuiltInRunner.RunAsync(scenario, args[1..], stop.Token);

await Console.Error.WriteLineAsync($"There is no command {args[0]}; --help lists them.");
return BuiltInRunner.CouldNotRun;
