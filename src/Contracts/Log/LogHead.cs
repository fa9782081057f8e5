namespace Interactions.Contracts.Log;

/// <summary>
/// The last entry of a stream's log, as a writer knows it. The position alone does not name it: a store that came back shorter may
/// have another writer's entry there by now.
/// </summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Writer">Who wrote it.</param>
/// <param name="Number">That writer's number of it.</param>
public readonly record struct LogHead(Position Position, string Writer, long Number)
{
    /// <summary>Of a stream that has no entry.</summary>
    public static LogHead Empty { get; } = new(Position.Start, "", 0);

    public static LogHead Of(Entry entry) => new(entry.Position, entry.Writer, entry.Number);

    public override string ToString() => $"{Position} of {Writer}:{Number}";
}
