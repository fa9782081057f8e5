using Interactions.Contracts.Binary;

namespace Interactions.Contracts.Views;

/// <summary>
/// The newest comments, oldest first; fewer if they are long. Which are kept does not depend on the order in which they came.
/// Not thread-safe.
/// </summary>
/// <param name="keep">How many; at least 1.</param>
public sealed class CommentStore(int keep)
{
    /// <summary>Of all together, in UTF-16: 4 MB, more than 2,000 comments of 500 characters have.</summary>
    public const int KeepCharacters = 2 << 20;

    /// <summary>Below this, a search from the newest on is faster; most streams never have more.</summary>
    private const int Unindexed = 16;

    private readonly List<KeptComment> _sorted = [];
    private Dictionary<string, KeptComment>? _byId;
    private int _first;
    private long _characters;

    public int Count => _sorted.Count - _first;

    /// <summary>0 is the oldest.</summary>
    public KeptComment this[int index] => _sorted[_first + index];

    public KeptComment? Find(string id)
    {
        if (_byId is not null) return _byId.GetValueOrDefault(id);
        for (var i = _sorted.Count - 1; i >= _first; i--)
        {
            if (_sorted[i].Id == id) return _sorted[i];
        }

        return null;
    }

    /// <summary>Answers what fell out for it: mostly nothing while there is room, the comment itself if it is older than all.</summary>
    public IReadOnlyList<KeptComment> Add(KeptComment comment)
    {
        if (Find(comment.Id) is not null) return [];
        _byId?.Add(comment.Id, comment);
        if (Count == 0 || comment.CompareTo(_sorted[^1]) > 0) _sorted.Add(comment);
        else _sorted.Insert(~_sorted.BinarySearch(_first, Count, comment, KeptComment.Order), comment);
        if (Count > Unindexed) _byId ??= _sorted.GetRange(_first, Count).ToDictionary(one => one.Id);
        _characters += Characters(comment);
        List<KeptComment>? gone = null;
        while (Count > keep || (_characters > KeepCharacters && Count > 1)) (gone ??= []).Add(RemoveOldest());
        return gone ?? [];
    }

    private static int Characters(KeptComment comment) => comment.Id.Length + comment.Shown.User.Length + comment.Shown.Name.Length + comment.Shown.Text.Length;

    private KeptComment RemoveOldest()
    {
        var oldest = _sorted[_first];
        _characters -= Characters(oldest);
        _byId?.Remove(oldest.Id);
        _sorted[_first++] = null!;
        if (_first == keep)
        {
            // Moving the rest once in so many is cheaper than moving it each time.
            _sorted.RemoveRange(0, _first);
            _first = 0;
        }

        return oldest;
    }

    /// <summary>Answers what was removed: null if it was not here.</summary>
    public KeptComment? Remove(string id)
    {
        if (Find(id) is not { } comment) return null;
        _byId?.Remove(id);
        _characters -= Characters(comment);
        _sorted.RemoveAt(_first + IndexOf(comment));
        return comment;
    }

    /// <summary>Where it stands, or the complement of where it would.</summary>
    public int IndexOf(KeptComment comment)
    {
        var index = _sorted.BinarySearch(_first, Count, comment, KeptComment.Order);
        return index >= 0 ? index - _first : ~(~index - _first);
    }

    public void Write(ByteWriter writer)
    {
        writer.Count(Count);
        for (var i = 0; i < Count; i++) this[i].Write(writer);
    }

    public static CommentStore Read(ByteReader reader, int keep)
    {
        var store = new CommentStore(keep);
        for (var left = reader.Count(); left > 0; left--) store.Add(KeptComment.Read(reader));
        return store;
    }
}
