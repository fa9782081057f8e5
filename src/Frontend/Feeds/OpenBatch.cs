using System.Runtime.InteropServices;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;

namespace Interactions.Frontend.Feeds;

/// <summary>What has come in for a stream since its last batch, and who waits for it. Not for concurrent callers.</summary>
/// <param name="oldestMs">The clock now, ms since 1970 UTC.</param>
/// <param name="bornMs">The same moment on the outbox's monotonic clock.</param>
internal sealed class OpenBatch(long oldestMs, long bornMs)
{
    public const int MostItems = 4096;

    /// <summary>By <see cref="SizeOf"/>. As UTF-8 it may be half as much again: within an entry's 256 KB.</summary>
    public const int MostBytes = 128 << 10;

    /// <summary>What a waiting sender costs, about.</summary>
    private const int WaiterBytes = 200;

    private const int ItemBytes = 40;

    private readonly List<BatchItem?> _items = [];
    private readonly List<Waiter> _waiters = [];
    private Dictionary<string, TapSum>? _taps;
    private BatchTrace? _trace;
    private int _itemBytes;

    public int Count => _items.Count;

    /// <summary>Submitted items in here; taps of one kind are one of <see cref="Count"/> and many of these.</summary>
    public int Waiting => _waiters.Count;

    public long BornMs => bornMs;

    /// <summary>About what it costs to keep.</summary>
    public long HeldBytes => _itemBytes + ((long)WaiterBytes * _waiters.Count);

    /// <summary>Whether those who wait were told that it takes too long.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Whether an item of that size goes into the same batch as what is here.</summary>
    public bool HasRoomFor(int bytes) => Count == 0 || (Count < MostItems && _itemBytes + bytes <= MostBytes);

    /// <summary>About what an item takes in memory, and two thirds at the least of what it takes as bytes.</summary>
    public static int SizeOf(BatchItem item) => ItemBytes + (2 * item switch
    {
        Submitted submitted => submitted.User.Length + submitted.Name.Length + LengthOf(submitted.Interaction),
        RosterJoined joined => joined.User.Length + joined.Name.Length,
        RosterLeft left => left.User.Length,
        _ => 0,
    });

    public void Add(BatchItem item, int bytes, Submission submission, int index)
    {
        _waiters.Add(new(submission, index, _items.Count));
        _items.Add(item);
        _itemBytes += bytes;
        _trace = BatchTrace.Join(_trace);
    }

    /// <summary>Adds taps without a key: nobody asks for one of them again, so only their sum travels.</summary>
    public void AddTaps(string kind, int count, Submission submission, int index)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_taps ??= [], kind, out var isKnown);
        if (!isKnown)
        {
            sum.Item = _items.Count;
            _items.Add(null);
            _itemBytes += ItemBytes + (2 * kind.Length);
        }

        sum.Count += count;
        _waiters.Add(new(submission, index, sum.Item));
        _trace = BatchTrace.Join(_trace);
    }

    public Batch Close(string frontend, long sequence)
    {
        foreach (var (kind, sum) in _taps ?? []) _items[sum.Item] = new Taps(kind, sum.Count);
        return new Batch(frontend, sequence, oldestMs, _items!);
    }

    /// <summary>The <c>traceparent</c> of its senders; null = none is traced.</summary>
    public string? CloseTrace(string stream) => _trace?.Close(stream, Count);

    public void Answer(ItemResult[] results)
    {
        foreach (var waiter in _waiters) waiter.Submission.Set(waiter.Index, results[waiter.Item]);
    }

    /// <returns>Whether anyone heard of it for the first time.</returns>
    public bool Fail(Exception exception)
    {
        IsGivenUp = true;
        var isNew = false;
        foreach (var waiter in _waiters) isNew |= waiter.Submission.Fail(exception);
        return isNew;
    }

    private static int LengthOf(Interaction interaction) => interaction switch
    {
        Comment comment => comment.Text.Length,
        Cue cue => cue.Name.Length + (cue.Data.Length / 2),
        OpenPoll poll => poll.Question.Length + poll.Choices.Sum(static choice => choice.Length + 1),
        Ban ban => ban.User.Length,
        Unban unban => unban.User.Length,
        _ => 32,
    };

    private readonly record struct Waiter(Submission Submission, int Index, int Item);

    private record struct TapSum(int Item, long Count);
}
