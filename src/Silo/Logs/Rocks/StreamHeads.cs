namespace Interactions.Silo.Logs.Rocks;

/// <summary>The heads of the streams that were written of late. For the writer alone.</summary>
internal sealed class StreamHeads(RocksStore store)
{
    /// <summary>
    /// So many, and those before them, are kept: some hundred bytes each. One that was forgotten costs a few reads of the database.
    /// </summary>
    internal const int Generation = 8192;

    private Dictionary<string, StreamHead> _recent = new(StringComparer.Ordinal);
    private Dictionary<string, StreamHead> _earlier = new(StringComparer.Ordinal);

    internal int Count => _recent.Count + _earlier.Count;

    /// <summary>Also of a stream that does not exist.</summary>
    public StreamHead Find(string stream)
    {
        if (_recent.TryGetValue(stream, out var head)) return head;
        if (!_earlier.Remove(stream, out head)) head = store.Read(stream, Load);
        _recent.Add(stream, head);
        return head;
    }

    /// <summary>The stream is gone.</summary>
    public void Remove(string stream)
    {
        _earlier.Remove(stream);
        _recent[stream] = new StreamHead();
    }

    /// <summary>Forgets those that were not asked for, when there are many. Nothing may be staged: then a head is the same when it is read again.</summary>
    public void Age()
    {
        if (_recent.Count < Generation) return;
        (_earlier, _recent) = (_recent, new(StringComparer.Ordinal));
    }

    /// <summary>What is stored may be another state than what is known.</summary>
    public void Clear()
    {
        _recent.Clear();
        _earlier.Clear();
    }

    private static StreamHead Load(RocksDatabase database, string stream)
    {
        using var view = StreamView.Find(database, stream);
        return view is null ? new StreamHead() : new StreamHead { Life = view.Life, Last = view.Last() };
    }
}
