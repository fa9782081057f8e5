namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// What a client calls one of its calls. A parameter of this type is never bound to what the client sends:
/// <see cref="InteractionsProtocol"/> hides it and fills it in.
/// </summary>
public sealed class InvocationId(string value)
{
    /// <summary>Of a call that is answered with frames, each of which repeats its id.</summary>
    public const int MostCharacters = 64;

    private readonly int _hash = value.GetHashCode(StringComparison.Ordinal);

    /// <summary>As the client wrote it.</summary>
    public string Value { get; } = value;

    /// <summary>Kept, since it is asked for with each frame and clients may choose long ones.</summary>
    public override int GetHashCode() => _hash;

    /// <summary>By value.</summary>
    public override bool Equals(object? obj) => obj is InvocationId that && that._hash == _hash && that.Value == Value;
}
