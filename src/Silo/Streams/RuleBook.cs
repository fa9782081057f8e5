namespace Interactions.Silo.Streams;

/// <summary>
/// The versions of the rules that a silo knows: an entry is decided by the one that it names. The version before the newest stays, and
/// any older one for as long as there may be entries of it without a snapshot behind them. Immutable.
/// </summary>
public sealed class RuleBook
{
    /// <summary>The least that any silo knows.</summary>
    public const byte First = 1;

    public static readonly RuleBook Standard = new(First, new Rules());

    private readonly IRules[] _versions;

    /// <param name="oldest">The number of the first of them.</param>
    /// <param name="versions">One after the other, the newest last.</param>
    internal RuleBook(byte oldest, params IRules[] versions) => (Oldest, _versions) = (oldest, versions);

    public byte Oldest { get; }

    public byte Newest => (byte)(Oldest + _versions.Length - 1);

    /// <exception cref="LaterRulesException">A later version of the service has decided by these.</exception>
    /// <exception cref="InvalidDataException">They are too old to be known.</exception>
    internal IRules Of(byte version)
    {
        if (version > Newest) throw new LaterRulesException(version, Newest);
        return version >= Oldest ? _versions[version - Oldest] : throw new InvalidDataException($"Decided by rules {version}; the oldest known here are {Oldest}.");
    }
}
