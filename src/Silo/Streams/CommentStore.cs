using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>
/// The newest 2,000 comments, or fewer if they are long, oldest first, deleted ones included (their tombstones stand beside them).
/// Which are kept does not depend on the order in which they came.
/// </summary>
internal sealed class CommentStore
{
    public const int Keep = 2000;

    /// <summary>Of all together, in UTF-16: 4 MB, more than 2,000 comments of 500 characters have.</summary>
    public const int KeepCharacters = 2 << 20;

    /// <summary>Up to so many a search from the newest on is quick enough; most streams never have more.</summary>
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
        else _sorted.Insert(~_sorted.BinarySearch(_first, Count, comment, null), comment);
        if (Count > Unindexed) _byId ??= _sorted.GetRange(_first, Count).ToDictionary(one => one.Id);
        _characters += Characters(comment);
        List<KeptComment>? gone = null;
        while (Count > Keep || (_characters > KeepCharacters && Count > 1)) (gone ??= []).Add(RemoveOldest());
        return gone ?? [];
    }

    private static int Characters(KeptComment comment) => comment.Id.Length + comment.Shown.User.Length + comment.Shown.Name.Length + comment.Shown.Text.Length;

    private KeptComment RemoveOldest()
    {
        var oldest = _sorted[_first];
        _characters -= Characters(oldest);
        _byId?.Remove(oldest.Id);
        _sorted[_first++] = null!;
        if (_first == Keep)
        {
            // Moving the rest once in 2,000 is cheaper than moving it each time.
            _sorted.RemoveRange(0, _first);
            _first = 0;
        }

        return oldest;
    }

    /// <summary>Where it stands, or the complement of where it would.</summary>
    public int IndexOf(KeptComment comment)
    {
        var index = _sorted.BinarySearch(_first, Count, comment, null);
        return index >= 0 ? index - _first : ~(~index - _first);
    }

    public void Write(ByteWriter writer)
    {
        writer.Count(Count);
        for (var i = 0; i < Count; i++) this[i].Write(writer);
    }

    public static CommentStore Read(ByteReader reader)
    {
        var store = new CommentStore();
        for (var left = reader.Count(); left > 0; left--) store.Add(KeptComment.Read(reader));
        return store;
    }
}
