namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>The messages in some bytes, scanned. Reused: its entries are overwritten after <see cref="Clear"/>.</summary>
internal sealed class MessageBatch(FrameScan scan)
{
    private FrameFacts[] _facts = [new()];

    public int Count { get; private set; }

    public ReadOnlySpan<FrameFacts> Messages => _facts.AsSpan(0, Count);

    /// <summary>What the protocol wants answered (a pong); null = nothing.</summary>
    public byte[]? Reply { get; set; }

    /// <summary>Whether the other side said that it closes.</summary>
    public bool Ends { get; set; }

    public void Clear()
    {
        Count = 0;
        Reply = null;
        Ends = false;
    }

    public void Add(ReadOnlySpan<byte> json, MessageSort sort)
    {
        if (Count == _facts.Length)
        {
            Array.Resize(ref _facts, Count * 2);
            for (var i = Count; i < _facts.Length; i++) _facts[i] = new();
        }

        scan.Read(json, sort, _facts[Count++]);
    }
}
