using Interactions.Contracts.Frames;

namespace Interactions.Silo.Streams;

/// <summary>A poll with the votes of all regions.</summary>
internal sealed class MergedPoll(PollKey key, PollOpened opened)
{
    public PollKey Key { get; } = key;

    public int Choices => opened.Choices.Count;

    public long[] Votes { get; } = new long[opened.Choices.Count];

    public bool IsClosed { get; set; }

    public ShownPoll Show() => new(Key.Id, opened.Question, opened.Choices, (long[])Votes.Clone(), !IsClosed);

    /// <summary>A choice that this poll does not have (of a namesake in another region) counts nowhere.</summary>
    public void Count(int choice, int change)
    {
        if (choice >= 0 && choice < Votes.Length) Votes[choice] += change;
    }
}
