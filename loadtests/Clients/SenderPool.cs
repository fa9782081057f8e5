namespace Interactions.LoadTests.Clients;

/// <summary>
/// A connection for each user who sends, opened at the first use; beyond <paramref name="most"/> the one not used
/// for longest is closed, once it has its answers. For one caller at a time.
/// </summary>
internal sealed class SenderPool(ServiceClient service, string stream, IReadOnlyDictionary<int, string> tokens, int most, TimeProvider time)
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, LinkedListNode<(int Author, Sender Sender)>> _open = [];
    private readonly LinkedList<(int Author, Sender Sender)> _byUse = new();
    private readonly List<Sender> _all = [];
    private readonly List<Task> _closing = [];

    public int Opened => _all.Count;

    public int Open => _open.Count;

    /// <summary>Connections that could not be made or broke, and the last one's reason.</summary>
    public int Broken => _all.Count(s => s.Error is not null);

    public string? LastError => _all.LastOrDefault(s => s.Error is not null)?.Error;

    public long Frames => _all.Sum(s => s.Frames);

    public void Send(int author, SentItem item)
    {
        if (_open.TryGetValue(author, out var node) && !node.Value.Sender.IsBroken)
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }
        else
        {
            if (node is not null) Forget(node);
            while (_open.Count >= most) Forget(_byUse.First!);
            var sender = new Sender(service.BaseAddress, stream, tokens[author], time);
            _all.Add(sender);
            node = _byUse.AddLast((author, sender));
            _open[author] = node;
        }

        node.Value.Sender.Send(item);
    }

    /// <summary>Waits until all is answered or nothing more will be.</summary>
    public Task CloseAsync()
    {
        while (_byUse.First is { } node) Forget(node);
        return Task.WhenAll(_closing);
    }

    private void Forget(LinkedListNode<(int Author, Sender Sender)> node)
    {
        _byUse.Remove(node);
        _open.Remove(node.Value.Author);
        _closing.Add(node.Value.Sender.CloseAsync(AnswersWithin));
    }
}
