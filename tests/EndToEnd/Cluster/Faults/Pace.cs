namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>The pace of load.</summary>
internal static class Pace
{
    /// <summary>Returns after this time, or when it is to stop.</summary>
    public static async Task AfterAsync(TimeSpan time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(time, stop);
        }
        catch (OperationCanceledException)
        {
            // The caller looks.
        }
    }
}
