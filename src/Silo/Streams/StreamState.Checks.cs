using Interactions.Contracts;
using Interactions.Contracts.Batches;

namespace Interactions.Silo.Streams;

/// <summary>What the fold would say to what is not stored yet.</summary>
public sealed partial class StreamState
{
    /// <summary>What is known of a batch before it is stored: it was sent before, or is refused. Null = it is new. Changes nothing.</summary>
    /// <param name="atMs">The log time of the entry to be.</param>
    public BatchAnswer? Recall(string frontend, long sequence, long atMs) => _frontends.Recall(frontend, sequence, Math.Max(atMs, AtMs));

    /// <summary>What of the next entry's batches has to be stored.</summary>
    /// <param name="atMs">The log time of the entry to be.</param>
    /// <param name="rules">The rules that the entry is going to name.</param>
    public EntrySieve Sieve(long atMs, byte rules) => new(this, atMs, rules);

    /// <summary>
    /// What <see cref="Apply"/> would answer already: a rejection, or the first answer to a key that is remembered.
    /// Null = it would be taken. Changes nothing.
    /// </summary>
    /// <param name="rules">The rules that it would be decided by.</param>
    public ItemResult? Check(Submitted item, long nowMs, byte rules)
    {
        var at = Here with { AtMs = Math.Max(nowMs, AtMs) };
        var user = _view.HashOf(item.User);
        if (Remembered(item, user, at.AtMs) is { } answer) return answer;
        return Refusal(_book.Of(rules).Decide(_view, item, user, at, NoEffects()));
    }

    /// <summary>The rejection of taps that <see cref="Apply"/> would refuse. Null = they would be taken. Changes nothing.</summary>
    internal ItemResult? Check(Taps taps, byte rules) => Refusal(_book.Of(rules).Decide(_view, taps, Here, NoEffects()));

    /// <summary>What <see cref="Apply"/> would say to what is not sent by a user, if it would have no effect. Changes nothing.</summary>
    internal ItemResult? Check(string frontend, BatchItem item, byte rules)
    {
        var code = _book.Of(rules).Decide(_view, Local, frontend, item, NoEffects());
        if (code != Code.Accepted) return ItemResult.Rejected(code);
        return _effects.Count == 0 ? ItemResult.Accepted(Position, 0) : null;
    }

    /// <summary>Whether <see cref="Apply"/> would take these settings. Changes nothing.</summary>
    public Code Check(SettingsPatch patch) => SystemRules.Check(_view, patch);
}
