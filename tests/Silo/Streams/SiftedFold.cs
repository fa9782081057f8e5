using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Streams;

namespace Interactions.Tests.Silo.Streams;

/// <summary>Does with a tick's batches what a stream's grain does: only what has to be is stored and applied.</summary>
internal sealed class SiftedFold
{
    private readonly Dictionary<string, (long Sequence, long AtMs)> _answered = [];

    public StreamState State { get; } = new("match-7", "eu");

    /// <summary>Null: the frontend had the answer to this batch, which was not stored, and does not send it again.</summary>
    public BatchAnswer?[] Apply(Entry entry, EntryBody body)
    {
        var (sieve, atMs) = (State.Sieve(entry.AtMs, RuleBook.First), Math.Max(entry.AtMs, State.AtMs));
        var (answers, stored) = (new BatchAnswer?[body.Batches.Count], new Batch[body.Batches.Count]);
        for (var i = 0; i < stored.Length; i++)
        {
            var batch = body.Batches[i];

            // In place of what is not stored, so that places in the entry stay as they are.
            stored[i] = new Batch("", 0, 0, [.. batch.Items.Select(_ => new Rejected(Code.Internal, 0))]);
            if (_answered.TryGetValue(batch.Frontend, out var last) && last.Sequence >= batch.Sequence && last.AtMs + FrontendMemory.KeepMs > atMs) continue;
            var sifted = sieve.Sift(batch);
            answers[i] = sifted.Answer;
            if (sifted.Answer is null) stored[i] = sifted.Stored;
            else if (batch.Frontend.Length > 0 && sifted.Answer.Outcome == BatchOutcome.Taken) _answered[batch.Frontend] = (batch.Sequence, atMs);
        }

        var applied = State.Apply(entry, body with { Batches = stored }).Answers;
        for (var i = 0; i < stored.Length; i++)
        {
            if (stored[i].Frontend == body.Batches[i].Frontend && stored[i].Sequence == body.Batches[i].Sequence) answers[i] ??= applied[i];
        }

        return answers;
    }
}
