namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>What viewers are to have been shown in the end, by stream.</summary>
/// <param name="Likes">The total of the first kind.</param>
/// <param name="Comments">How many since the viewers came; null = not judged.</param>
/// <param name="CommentHashes">The sum of the hashes of their ids.</param>
internal sealed record Expectation(long[] Likes, long[]? Comments, ulong[]? CommentHashes);
