namespace Interactions.LoadTests.Traces;

/// <summary>One comment of a recorded stream, without its words.</summary>
/// <param name="AtMs">Since the first.</param>
/// <param name="Utf8Bytes">Length of the text.</param>
internal readonly record struct TraceRow(long AtMs, int Author, int Utf8Bytes);
