using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios;

/// <summary>
/// One thing to do to a running service and to measure about it. Knows nothing of who runs it: the
/// built-in runner or another one gives it a context and gets a report. A run leaves no live stream behind.
/// </summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>One line for a list of scenarios.</summary>
    string Summary { get; }

    /// <summary>What it takes beyond <see cref="ScenarioContext.CommonOptions"/>.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>
    /// A service that answers wrongly is a failure in the report; a service that cannot be reached, or refuses
    /// to be set up, throws.
    /// </summary>
    Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken);
}
