using System.Runtime.InteropServices;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Telemetry;

namespace Interactions.Silo.Nodes;

/// <summary>What has come in for a stream since its last append, and who waits for it.</summary>
internal sealed class OpenBatch(long oldestMs, long bornMs)
{
    private readonly List<BatchItem?> _items = [];
    private readonly List<Waiter> _waiters = [];
    private Dictionary<string, TapSum>? _taps;

    public int Count => _items.Count;

    /// <summary>About what its texts take in memory.</summary>
    public int TextBytes { get; private set; }

    /// <summary>Submitted items in here that are waited for; taps of one kind are one of <see cref="Count"/> and many of these.</summary>
    public int Waiting => _waiters.Count;

    /// <summary>On the node's monotonic clock, for the answer deadline.</summary>
    public long BornMs { get; } = bornMs;

    /// <summary>Set when one of its senders is traced.</summary>
    public BatchTrace? Trace { get; private set; }

    public void Add(BatchItem item, Submission? submission, int index)
    {
        if (submission is not null)
        {
            Trace = BatchTrace.Join(Trace);
            _waiters.Add(new(submission, index, _items.Count));
        }

        _items.Add(item);
        TextBytes += SizeOf(item);
    }

    /// <summary>About what an item's texts take in memory; 0 for the short ones.</summary>
    public static int SizeOf(BatchItem item) => item is not Submitted { Interaction: var interaction } ? 0 : interaction switch
    {
        Comment comment => 2 * comment.Text.Length,
        Cue cue => cue.Data.Length,
        OpenPoll poll => 2 * (poll.Question.Length + poll.Choices.Sum(choice => choice.Length)),
        _ => 0,
    };

    public void AddTaps(string kind, int count, Submission submission, int index)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_taps ??= [], kind, out var known);
        if (!known)
        {
            sum.Item = _items.Count;
            _items.Add(null);
        }

        sum.Count += count;
        Trace = BatchTrace.Join(Trace);
        _waiters.Add(new(submission, index, sum.Item));
    }

    public Batch Close()
    {
        if (_taps is not null)
        {
            foreach (var (kind, sum) in _taps) _items[sum.Item] = new Taps(kind, sum.Count);
        }

        return new Batch(oldestMs, _items!);
    }

    public void Answer(ItemResult[] results)
    {
        foreach (var waiter in _waiters) waiter.Submission.Set(waiter.Index, results[waiter.Item]);
    }

    /// <returns>Whether anyone heard of it for the first time.</returns>
    public bool Fail(Exception exception)
    {
        var heard = false;
        foreach (var waiter in _waiters) heard |= waiter.Submission.Fail(exception);
        return heard;
    }

    private readonly record struct Waiter(Submission Submission, int Index, int Item);

    private record struct TapSum(int Item, long Count);
}
