using Interactions.Contracts.Batches;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;

namespace Interactions.Tests.Silo.Streams;

/// <summary>Counts what was accepted in the most obvious way.</summary>
internal sealed class NaiveCount
{
    private readonly Dictionary<string, long> _taps = [];
    private readonly HashSet<(string Kind, string User)> _on = [];
    private readonly Dictionary<string, Dictionary<string, int>> _votes = [];
    private readonly Dictionary<string, int> _frontends = [];
    private bool _tap = true;

    public int Viewers => _frontends.Values.Sum();

    public long Total(string kind) => _taps.GetValueOrDefault(kind) + _on.Count(pair => pair.Kind == kind);

    public long[] Votes(ShownPoll poll) =>
        [.. Enumerable.Range(0, poll.Choices.Count).Select(choice => (long)_votes[poll.Id].Values.Count(vote => vote == choice))];

    public void Add(EntryBody body, Applied applied)
    {
        var index = 0;
        foreach (var (batch, answer) in body.Batches.Zip(applied.Answers))
        {
            for (var i = 0; i < batch.Items.Count; i++, index++)
            {
                // A repeated batch or key is answered with another place: it counted there.
                if (answer.IsRefused || answer.Results.Length != batch.Items.Count) continue;
                var result = answer.Results[i];
                if (result.IsAccepted && result.Position == applied.Shown.Position && result.Index == index) Add(batch.Frontend, batch.Items[i]);
            }
        }
    }

    private void Add(string frontend, BatchItem item)
    {
        switch (item)
        {
            case Taps taps:
                _taps[taps.Kind] = _taps.GetValueOrDefault(taps.Kind) + taps.Count;
                break;
            case Submitted { Interaction: Reaction reaction } when _tap:
                _taps[reaction.Kind] = _taps.GetValueOrDefault(reaction.Kind) + reaction.Count;
                break;
            case Submitted { Interaction: Reaction { Count: > 0 } reaction } sent:
                _on.Add((reaction.Kind, sent.User));
                break;
            case Submitted { Interaction: Reaction reaction } sent:
                _on.Remove((reaction.Kind, sent.User));
                break;
            case Submitted { Interaction: OpenPoll poll }:
                _votes[poll.Id] = [];
                break;
            case Submitted { Interaction: Vote vote } sent:
                _votes[vote.Poll][sent.User] = vote.Choice;
                break;
            case Configured configured:
                _tap = configured.Patch.Tap ?? _tap;
                break;
            case ViewersCounted counted:
                _frontends[frontend] = counted.Count;
                break;
            case FrontendGone gone:
                _frontends.Remove(gone.Frontend);
                break;
        }
    }
}
