using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios;

/// <summary>What a scenario is given by whoever runs it.</summary>
internal sealed record ScenarioContext(Arguments Arguments, TimeProvider Time, ProgressLine Progress)
{
    public static IReadOnlyList<Option> CommonOptions { get; } =
    [
        new("url", "http://127.0.0.1:5080", "where the service listens"),
        new("key", null, "the service's Auth:Key, to sign tokens here; without it they come from POST /v1/dev/tokens"),
        new("stream", null, "the stream to use; without it a new one"),
        new("json", null, "write the report to this file as JSON"),
    ];

    public ServiceClient Connect() => new(
        Arguments.Address("url"),
        Arguments.TextOrNull("key") is { } key ? new SelfSignedTokens(key, Time) : null);

    /// <summary>The stream asked for, or a name that no run before used.</summary>
    public string StreamId(string scenario) =>
        Arguments.TextOrNull("stream") ?? $"{scenario}-{Time.GetUtcNow().ToUnixTimeMilliseconds():x}";
}
