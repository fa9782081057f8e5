using Interactions.Contracts;

namespace Interactions.Frontend.Feeds;

/// <summary>What streams know this process by. It is new each time, so that nothing of an earlier life is taken for this one's.</summary>
internal sealed class FrontendId
{
    public string Value { get; } = "f-" + Epochs.New();

    public override string ToString() => Value;
}
