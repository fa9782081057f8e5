using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>These tests share one service and run one after the other: what they measure is the process, not each other.</summary>
[CollectionDefinition(Name)]
public sealed class EndToEndCollection : ICollectionFixture<RunningService>, ICollectionFixture<SharedChromium>
{
    public const string Name = "End to end";
}
