using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;

namespace Interactions.Silo.Streams;

/// <summary>
/// Keeps what a stream refuses out of its log: takes the batches of one entry in their order, before it is stored, and answers what
/// of them has to be. An item stays as it is, to be decided by <see cref="StreamState.Apply"/>, when an item before it in the entry
/// might change what becomes of it. So results are the same as if nothing had been sifted. Good for one entry, and until the next one
/// is applied.
/// </summary>
public sealed class EntrySieve
{
    private readonly StreamState _state;
    private readonly long _atMs;
    private readonly byte _rules;

    // What stands before, in the entry.
    private readonly List<string> _frontends = [];
    private HashSet<UInt128>? _keys;
    private HashSet<string>? _commenters;
    private bool _comments, _decisions, _presence;

    /// <param name="atMs">The log time of the entry to be.</param>
    /// <param name="rules">The rules that it is going to name.</param>
    internal EntrySieve(StreamState state, long atMs, byte rules) => (_state, _atMs, _rules) = (state, atMs, rules);

    /// <summary>The next batch. What <see cref="StreamState.Recall"/> says of it is its answer.</summary>
    public Sifted Sift(Batch batch)
    {
        if (_frontends.Contains(batch.Frontend)) return Keep(batch);
        if (_state.Recall(batch.Frontend, batch.Sequence, _atMs) is { } recalled) return new(batch, recalled);
        ItemResult[]? known = null;
        BatchItem[]? stored = null;
        var isKnown = true;
        for (var i = 0; i < batch.Items.Count; i++)
        {
            var item = batch.Items[i];
            if (Known(batch.Frontend, item) is not { } result)
            {
                isKnown = false;
                Remember(item);
                continue;
            }

            if (isKnown) (known ??= new ItemResult[batch.Items.Count])[i] = result;
            if (!result.IsAccepted && item is not Rejected) (stored ??= [.. batch.Items])[i] = new Rejected(result.Code, result.RetryAfterMs);
        }

        var sifted = stored is null ? batch : batch with { Items = stored };
        if (isKnown) return new(sifted, new(batch.Frontend, batch.Sequence, BatchOutcome.Taken, known ?? []));
        if (batch.Frontend.Length > 0) _frontends.Add(batch.Frontend);
        return new(sifted, null);
    }

    // A frontend's second one in an entry: what becomes of it depends on the first.
    private Sifted Keep(Batch batch)
    {
        foreach (var item in batch.Items) Remember(item);
        return new(batch, null);
    }

    private ItemResult? Known(string frontend, BatchItem item)
    {
        if (item is Rejected rejected) return ItemResult.Rejected(rejected.Code, rejected.RetryAfterMs);
        if (item is not (Submitted or Taps)) return _decisions || _presence ? null : _state.Check(frontend, item, _rules);
        var result = item is Submitted submitted ? _state.Check(submitted, _atMs, _rules) : _state.Check((Taps)item, _rules);
        return result is { IsAccepted: false } refused && MayChange(item, refused.Code) ? null : result;
    }

    private bool MayChange(BatchItem item, Code code)
    {
        if (_decisions) return true;
        if (item is not Submitted sent) return false;
        if (sent.Key != 0 && _keys?.Contains(sent.Key) == true) return true;
        return code switch
        {
            Code.SlowMode => _commenters?.Contains(sent.User) == true,
            Code.UnknownComment => _comments && IsOfThisEntry(sent.Interaction),
            _ => false,
        };
    }

    // Ids can be guessed.
    private bool IsOfThisEntry(Interaction interaction)
    {
        var id = interaction switch
        {
            Comment comment => comment.ReplyTo,
            Pin pin => pin.CommentId,
            Delete delete => delete.CommentId,
            _ => null,
        };
        return id is not null && Position.TryParse(id[..Math.Max(0, id.LastIndexOf('.'))], out var position)
            && position == _state.Position with { Offset = _state.Position.Offset + 1 };
    }

    private void Remember(BatchItem item)
    {
        switch (item)
        {
            case Taps:
                break;
            case Submitted sent:
                if (sent.Key != 0) (_keys ??= []).Add(sent.Key);
                Remember(sent);
                break;
            case ViewersCounted or FrontendGone or RosterJoined or RosterLeft:
                _presence = true;
                break;
            default:
                _decisions = true;
                break;
        }
    }

    private void Remember(Submitted sent)
    {
        switch (sent.Interaction)
        {
            case Comment:
                _comments = true;
                if (_state.Settings.SlowModeSeconds > 0) (_commenters ??= new(StringComparer.Ordinal)).Add(sent.User);
                break;
            case Reaction or Vote or Cue or Pin or Unpin:
                break;
            default:
                _decisions = true;
                break;
        }
    }
}
