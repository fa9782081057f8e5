namespace Interactions.LoadTests.Checks;

/// <summary>How one viewer's ledger compares with what was acknowledged.</summary>
/// <param name="Delivered">Acknowledged comments that it was shown.</param>
/// <param name="Conflated">Those it was told of only as a number, or whose place a snapshot took.</param>
/// <param name="Lost">Acknowledged comments that nothing accounts for.</param>
/// <param name="Repeated">Shown more than once.</param>
/// <param name="Unknown">Shown although nobody was told that they were accepted.</param>
internal sealed record ViewerVerdict(int Delivered, int Conflated, int Lost, int Repeated, int Unknown);
