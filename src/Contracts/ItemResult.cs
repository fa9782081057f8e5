namespace Interactions.Contracts;

/// <summary>What became of one interaction.</summary>
/// <param name="Code"><see cref="Code.Accepted"/>, or why not.</param>
/// <param name="Position">Where it was ordered; only when accepted.</param>
/// <param name="Index">Its place in that entry: the id is <c>EPOCH.OFFSET.INDEX</c>; only when accepted.</param>
/// <param name="RetryAfterMs">When the same could be accepted, in ms from now; 0 = unknown or never.</param>
public readonly record struct ItemResult(Code Code, Position Position, int Index, long RetryAfterMs)
{
    public bool IsAccepted => Code == Code.Accepted;

    public string? Id => IsAccepted ? $"{Position}.{Index}" : null;

    public static ItemResult Accepted(Position position, int index) => new(Code.Accepted, position, index, 0);

    public static ItemResult Rejected(Code code, long retryAfterMs = 0) => new(code, Position.Start, 0, retryAfterMs);
}
