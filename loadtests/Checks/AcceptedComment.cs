namespace Interactions.LoadTests.Checks;

/// <summary>A comment that the service acknowledged.</summary>
/// <param name="SentAt">A timestamp of the run's <see cref="TimeProvider"/>.</param>
internal readonly record struct AcceptedComment(string Id, string Position, long SentAt);
