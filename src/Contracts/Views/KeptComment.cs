using Interactions.Contracts.Binary;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Views;

/// <summary>A comment with the order that its id stands for.</summary>
public sealed class KeptComment
{
    private readonly long _offset;
    private readonly int _index;
    private readonly int _epochLength;

    public KeptComment(ShownComment shown, bool shadow)
    {
        Shown = shown;
        Shadow = shadow;
        var dot = shown.Id.LastIndexOf('.');
        if (dot < 0 || !Position.TryParse(shown.Id[..dot], out var position) || !int.TryParse(shown.Id.AsSpan(dot + 1), out _index))
        {
            throw new InvalidDataException($"{shown.Id} is no comment's id.");
        }

        (_offset, _epochLength) = (position.Offset, position.Epoch.Length);
    }

    public ShownComment Shown { get; }

    public bool Shadow { get; }

    public string Id => Shown.Id;

    private ReadOnlySpan<char> Epoch => Shown.Id.AsSpan(0, _epochLength);

    public bool IsVisibleTo(string? viewer) => !Shadow || Shown.User == viewer;

    /// <summary>By time, then by id: the order in which comments are shown.</summary>
    public static IComparer<KeptComment> Order { get; } = Comparer<KeptComment>.Create(static (left, right) => left.CompareTo(right));

    public int CompareTo(KeptComment other)
    {
        var order = Shown.AtMs.CompareTo(other.Shown.AtMs);
        if (order == 0) order = Epoch.SequenceCompareTo(other.Epoch);
        if (order == 0) order = _offset.CompareTo(other._offset);
        return order == 0 ? _index.CompareTo(other._index) : order;
    }

    public void Write(ByteWriter writer)
    {
        ShownCodec.Write(writer, Shown);
        writer.Bool(Shadow);
    }

    public static KeptComment Read(ByteReader reader) => new(ShownCodec.ReadComment(reader), reader.Bool());
}
