using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>What a thread of the swarm, a process or all of it has counted. Written by one thread; a reader of another may see it slightly torn.</summary>
internal sealed class SwarmCounts
{
    public int Viewers { get; set; }

    public int Open { get; set; }

    /// <summary>Viewers that have been shown something since they last connected.</summary>
    public int Shown { get; set; }

    public long Frames { get; set; }

    public long Snapshots { get; set; }

    public long Bytes { get; set; }

    public long CutOff { get; set; }

    /// <summary>Connections that the swarm itself cut, and viewers that have been shown something again since.</summary>
    public long Cut { get; set; }

    public long Back { get; set; }

    public long Refused { get; set; }

    public long Busy { get; set; }

    public long ConnectFailures { get; set; }

    public long DeltaMismatches { get; set; }

    public long PositionsBack { get; set; }

    public long Unreadable { get; set; }

    public long Missed { get; set; }

    /// <summary>Viewers that came back by a snapshot, not from their place.</summary>
    public long Resnapshots { get; set; }

    /// <summary>Viewers held against the newest expectation, and those of them that are not there (yet).</summary>
    public int Judged { get; set; }

    public int Lacking { get; set; }

    /// <summary>Viewers that were shown comments other than those that were accepted.</summary>
    public int OtherComments { get; set; }

    /// <summary>Of the likes (or, without any, the frames) of the last second; the worst of all threads.</summary>
    public double RecentP99Ms { get; set; }

    public double ProcessorSeconds { get; set; }

    public string? LastProblem { get; set; }

    public Dictionary<string, Histogram> Latencies { get; init; } = [];

    public void Add(SwarmCounts other)
    {
        Viewers += other.Viewers;
        Open += other.Open;
        Shown += other.Shown;
        Frames += other.Frames;
        Snapshots += other.Snapshots;
        Bytes += other.Bytes;
        CutOff += other.CutOff;
        Cut += other.Cut;
        Back += other.Back;
        Refused += other.Refused;
        Busy += other.Busy;
        ConnectFailures += other.ConnectFailures;
        DeltaMismatches += other.DeltaMismatches;
        PositionsBack += other.PositionsBack;
        Unreadable += other.Unreadable;
        Missed += other.Missed;
        Resnapshots += other.Resnapshots;
        Judged += other.Judged;
        Lacking += other.Lacking;
        OtherComments += other.OtherComments;
        RecentP99Ms = Math.Max(RecentP99Ms, other.RecentP99Ms);
        ProcessorSeconds += other.ProcessorSeconds;
        LastProblem ??= other.LastProblem;
        foreach (var (name, latency) in other.Latencies) Latency(name).Add(latency);
    }

    /// <summary>The histogram of this name, made at the first use.</summary>
    public Histogram Latency(string name)
    {
        if (!Latencies.TryGetValue(name, out var latency)) Latencies[name] = latency = new Histogram();
        return latency;
    }
}
