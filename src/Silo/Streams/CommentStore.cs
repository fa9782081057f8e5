using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>The newest 2,000 comments, oldest first, deleted ones included (their tombstones stand beside them).</summary>
internal sealed class CommentStore
{
    public const int Keep = 2000;

    /// <summary>Up to so many a search from the newest on is quick enough; most streams never have more.</summary>
    private const int Unindexed = 16;

    private readonly List<KeptComment> _sorted = [];
    private Dictionary<string, KeptComment>? _byId;
    private int _first;

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

    /// <summary>Answers what fell out for it: null while there is room, the comment itself if it is older than all.</summary>
    public KeptComment? Add(KeptComment comment)
    {
        if (Find(comment.Id) is not null) return null;
        _byId?.Add(comment.Id, comment);
        if (Count == 0 || comment.CompareTo(_sorted[^1]) > 0) _sorted.Add(comment);
        else _sorted.Insert(~_sorted.BinarySearch(_first, Count, comment, null), comment);
        if (Count > Unindexed) _byId ??= _sorted.GetRange(_first, Count).ToDictionary(one => one.Id);
        if (Count <= Keep) return null;

        var oldest = _sorted[_first];
        _byId!.Remove(oldest.Id);
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
