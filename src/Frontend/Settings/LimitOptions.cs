namespace Interactions.Frontend.Settings;

/// <summary><c>Limits:*</c>, each with its unit in its name.</summary>
/// <param name="InteractionsPerSecondPerUser">Sustained; see <see cref="BurstPerUser"/>.</param>
/// <param name="ConnectionsPerAddress">Open at once from one client address; 0 = no limit.</param>
/// <param name="ConnectsPerSecond">New viewers that a frontend takes.</param>
/// <param name="BodyBytes">Largest request body or WebSocket message.</param>
/// <param name="ResumeSeconds">For how long a position can be resumed from.</param>
/// <param name="DrainSeconds">How long a frontend that shuts down takes to send its viewers away.</param>
/// <param name="IdleCloseSeconds">How long a frontend stays subscribed to a stream after its last use.</param>
/// <param name="ConnectionsPerUser">Open at once by one user; 0 = no limit.</param>
/// <param name="StreamsPerUser">That one user may own.</param>
/// <param name="StreamsPerMinutePerUser">Calls that create or configure a stream, in any 60 s.</param>
/// <param name="AnswerSeconds">How long a request waits for its stream; then 503.</param>
internal sealed record LimitOptions(
    int InteractionsPerSecondPerUser = 50,
    int ConnectionsPerAddress = 0,
    int ConnectsPerSecond = 20_000,
    int BodyBytes = 65_536,
    int ResumeSeconds = 120,
    int DrainSeconds = 30,
    int IdleCloseSeconds = 60,
    int ConnectionsPerUser = 0,
    int StreamsPerUser = 1_000,
    int StreamsPerMinutePerUser = 60,
    int AnswerSeconds = 5)
{
    /// <summary>What a user who was quiet may send at once.</summary>
    public int BurstPerUser => 2 * InteractionsPerSecondPerUser;

    internal static LimitOptions Read(OptionReader read)
    {
        var standard = new LimitOptions();
        return new LimitOptions(
            read.Whole("Limits:InteractionsPerSecondPerUser", standard.InteractionsPerSecondPerUser, 1, 1_000_000),
            read.Whole("Limits:ConnectionsPerAddress", standard.ConnectionsPerAddress, 0, 10_000_000),
            read.Whole("Limits:ConnectsPerSecond", standard.ConnectsPerSecond, 1, 10_000_000),
            read.Whole("Limits:BodyBytes", standard.BodyBytes, 1_024, 4 << 20),
            read.Whole("Limits:ResumeSeconds", standard.ResumeSeconds, 1, 3_600),
            read.Whole("Limits:DrainSeconds", standard.DrainSeconds, 0, 3_600),
            read.Whole("Limits:IdleCloseSeconds", standard.IdleCloseSeconds, 1, 86_400),
            read.Whole("Limits:ConnectionsPerUser", standard.ConnectionsPerUser, 0, 10_000_000),
            read.Whole("Limits:StreamsPerUser", standard.StreamsPerUser, 1, 10_000_000),
            read.Whole("Limits:StreamsPerMinutePerUser", standard.StreamsPerMinutePerUser, 1, 1_000_000),
            read.Whole("Limits:AnswerSeconds", standard.AnswerSeconds, 1, 60));
    }
}
