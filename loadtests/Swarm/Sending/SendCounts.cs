using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Sending;

/// <summary>What became of what was sent. Written by the sending thread; whole once it has ended.</summary>
internal sealed class SendCounts(int streams)
{
    public long LikesSent { get; set; }

    public long CommentsSent { get; set; }

    public long LikesAccepted { get; set; }

    public long CommentsAccepted { get; set; }

    public long Answered => LikesAccepted + CommentsAccepted + Rejected.Values.Sum();

    public long Sent => LikesSent + CommentsSent;

    public Dictionary<string, long> Rejected { get; } = [];

    /// <summary>Accepted, by stream.</summary>
    public long[] Likes { get; } = new long[streams];

    public long[] Comments { get; } = new long[streams];

    public ulong[] CommentHashes { get; } = new ulong[streams];

    /// <summary>Likes of which nobody knows whether they count: answered <c>unavailable</c> or not at all; by stream.</summary>
    public long[] UnknownLikes { get; } = new long[streams];

    public long UnknownComments { get; private set; }

    /// <summary>Latencies are kept of what was due from here on, in ticks of <see cref="System.Diagnostics.Stopwatch"/>; all is counted.</summary>
    public long MeasuredFromTicks { get; set; }

    public Histogram LikeAcknowledged { get; } = new();

    public Histogram CommentAcknowledged { get; } = new();

    /// <summary>How much later than planned this tool sent.</summary>
    public Histogram Lateness { get; } = new();

    /// <summary>Connections that ended although nobody asked.</summary>
    public int Broken { get; set; }

    public string? LastProblem { get; set; }

    /// <param name="id">Of a comment.</param>
    public void Accepted(in Unanswered what, ReadOnlySpan<byte> id, long microseconds)
    {
        if (what.IsComment)
        {
            CommentsAccepted++;
            Comments[what.Stream]++;
            CommentHashes[what.Stream] += FrameScan.Hash(id);
            if (what.DueTicks >= MeasuredFromTicks) CommentAcknowledged.Record(microseconds);
        }
        else
        {
            LikesAccepted++;
            Likes[what.Stream]++;
            if (what.DueTicks >= MeasuredFromTicks) LikeAcknowledged.Record(microseconds);
        }
    }

    public void Refused(in Unanswered what, string code)
    {
        Rejected[code] = Rejected.GetValueOrDefault(code) + 1;
        if (code is "unavailable" or "internal" or "unreadable") Unknown(what);
    }

    public void Unknown(in Unanswered what)
    {
        if (what.IsComment) UnknownComments++;
        else UnknownLikes[what.Stream]++;
    }
}
