using Interactions.Tests.EndToEnd.Harness;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>The tests that share one service run one after the other, and take longest: others run beside them from the start.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(static collection => collection.TestCollectionDisplayName == EndToEndCollection.Name ? 0 : 1)];
}
