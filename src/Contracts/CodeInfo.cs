namespace Interactions.Contracts;

/// <summary>A row of the code table.</summary>
/// <param name="Name">As written in JSON and as a metric tag.</param>
/// <param name="HttpStatus">When it answers a whole request.</param>
/// <param name="MayRetry">Whether the same request can succeed later.</param>
/// <param name="Meaning">One sentence for people.</param>
public sealed record CodeInfo(string Name, int HttpStatus, bool MayRetry, string Meaning);
