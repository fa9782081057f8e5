using Interactions.Silo.Streams;

namespace Interactions.Silo.Grains;

/// <summary>How a silo keeps its streams.</summary>
/// <param name="Region">This data centre's name.</param>
/// <param name="Resume">How long a viewer may be away and still catch up with one frame.</param>
public sealed record StreamOptions(string Region, TimeSpan Resume)
{
    /// <summary>A ring of effects never grows beyond this.</summary>
    public int RingBytes { get; init; } = 4 << 20;

    /// <summary>The rules that this silo knows.</summary>
    public RuleBook Rules { get; init; } = RuleBook.Standard;

    /// <summary>What a user may send over all frontends; null = each of them limits its own.</summary>
    public UserRate? UserRate { get; init; }

    /// <summary>True where this process is the whole cluster: frontends of an earlier life are gone for sure.</summary>
    public bool IsAlone { get; init; }
}
