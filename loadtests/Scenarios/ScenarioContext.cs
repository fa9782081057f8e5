using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios;

/// <summary>What a scenario is given by whoever runs it.</summary>
internal sealed record ScenarioContext(Arguments Arguments, TimeProvider Time, ProgressLine Progress)
{
    public static IReadOnlyList<Option> CommonOptions { get; } =
    [
        new("url", "http://127.0.0.1:5080", "where the service listens; scenarios of the swarm deal their viewers out over several, separated by commas"),
        new("key", null, "the service's Auth:Key, to sign tokens here; without it they come from POST /v1/dev/tokens"),
        new("stream", null, "the stream to use; without it a new one"),
        new("json", null, "write the report to this file as JSON"),
        new("report", null, "write SCENARIO.json and SCENARIO.html (with charts) into this folder"),
        new("pid", null, "the service's process, for its use of processor and memory; without it whoever listens at --url on this machine"),
    ];

    /// <summary>What a scenario has found so far, if it says: all that there is when it can't end.</summary>
    public Report? SoFar { get; set; }

    /// <summary>The service's process, where it is known.</summary>
    /// <exception cref="UsageException">--pid names none.</exception>
    public ServerProcess? FindServer() => ServerProcess.Find(Arguments.TextOrNull("pid") is null ? null : Arguments.Count("pid", least: 1), Addresses);

    /// <summary>Where the service listens; the first is asked where one is enough.</summary>
    public IReadOnlyList<Uri> Addresses => [.. Arguments.Text("url").Split(',').Select(Arguments.AsAddress)];

    public ServiceClient Connect() => Connect(Addresses[0]);

    /// <summary>A client for every address.</summary>
    public ServiceClient[] ConnectAll() => [.. Addresses.Select(Connect)];

    private ServiceClient Connect(Uri address) => new(address, Arguments.TextOrNull("key") is { } key ? new SelfSignedTokens(key, Time) : null);

    /// <summary>The stream asked for, or a name that no run before used.</summary>
    public string StreamId(string scenario) =>
        Arguments.TextOrNull("stream") ?? $"{scenario}-{Time.GetUtcNow().ToUnixTimeMilliseconds():x}";
}
