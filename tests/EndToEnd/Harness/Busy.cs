namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>What tests allow for a machine that is slow and busy with other things.</summary>
internal static class Busy
{
    /// <summary>How long to wait for what must come: long, for it costs time only when it does not.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(90);

    /// <summary>Added to a time within which something is promised.</summary>
    public const double Seconds = 5;
}
