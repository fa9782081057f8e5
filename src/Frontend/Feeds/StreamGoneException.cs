namespace Interactions.Frontend.Feeds;

/// <summary>There is no such stream, or not the one any more that was meant. Nothing was taken.</summary>
internal sealed class StreamGoneException(string id) : Exception($"There is no stream {id}, or it is not the one any more that was meant.");
