namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>What a frame says that viewers are checked by. Reused: <see cref="FrameScan"/> overwrites it.</summary>
internal sealed class FrameFacts
{
    /// <summary>Kinds of reaction that are followed.</summary>
    public const int MostKinds = 4;

    private readonly long[] _totals = new long[MostKinds];
    private readonly long[] _deltas = new long[MostKinds];
    private readonly List<long> _sentAt = [];

    public MessageSort Sort { get; set; }

    /// <summary>Hash of the position's epoch.</summary>
    public ulong Epoch { get; set; }

    /// <summary>-1 = the frame names no position (a peer's).</summary>
    public long Offset { get; set; }

    /// <summary>The position as text, for resuming; kept only as bytes until someone asks.</summary>
    public string? Position { get; set; }

    public long AtMs { get; set; }

    /// <summary>0 = not said.</summary>
    public long OldestMs { get; set; }

    /// <summary>Bit k is set when kind k is in <c>totals</c>.</summary>
    public int TotalsSaid { get; set; }

    public Span<long> Totals => _totals;

    public Span<long> Deltas => _deltas;

    public int Comments { get; set; }

    /// <summary>Sum of the hashes of the comments' ids: two sets of comments are told apart by it whatever their order.</summary>
    public ulong CommentHashes { get; set; }

    /// <summary>When the comments were to be sent, for those whose text says so.</summary>
    public List<long> CommentsSentAt => _sentAt;

    public int Missed { get; set; }

    public void Clear()
    {
        Sort = MessageSort.Other;
        (Epoch, Offset, Position) = (0, -1, null);
        (AtMs, OldestMs) = (0, 0);
        TotalsSaid = 0;
        Totals.Clear();
        Deltas.Clear();
        (Comments, CommentHashes, Missed) = (0, 0, 0);
        _sentAt.Clear();
    }
}
