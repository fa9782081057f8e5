using Interactions.LoadTests.Measuring;

namespace Interactions.InProcess.LogCeiling;

/// <summary>What one interval between appends came to.</summary>
/// <param name="PlannedPerSecond">Appends, over all nodes.</param>
/// <param name="AppendsPerSecond">Answered in the time of the step.</param>
/// <param name="PushesPerSecond">Entries that a tail has read, over all tails.</param>
/// <param name="ServerCores">Processor time of the server in a second.</param>
/// <param name="Appends">Sent to answered.</param>
/// <param name="Pushes">Sent to read by a tail.</param>
/// <param name="NotPushed">Entries that a tail had not read 10 s after the last append.</param>
/// <param name="CutOff">Tails that the server hung up on, so far.</param>
/// <param name="Holes">Offsets that a tail was not pushed though it was connected, so far.</param>
internal sealed record LogStep(
    TimeSpan Interval,
    double PlannedPerSecond,
    double AppendsPerSecond,
    double PushesPerSecond,
    double ServerCores,
    Histogram Appends,
    Histogram Pushes,
    long NotPushed,
    int CutOff,
    long Holes)
{
    /// <summary>A step is kept up with when as much is done as was planned, but for what is under way at its end.</summary>
    public bool IsKeptUpWith => AppendsPerSecond >= 0.97 * PlannedPerSecond && CutOff == 0;
}
