namespace Interactions.LoadTests.Running;

/// <summary>One <c>--name value</c> that a command takes.</summary>
/// <param name="Default">What holds when it is not given; null = there is none.</param>
internal sealed record Option(string Name, string? Default, string Help);
