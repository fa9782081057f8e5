using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>What the writer knows of a stream without reading it: how it is once all that is staged is written.</summary>
internal sealed class StreamHead
{
    /// <summary>Null: there is no such stream.</summary>
    public StreamLife? Life { get; set; }

    public Position Position { get; set; } = Position.Start;

    /// <summary>Who wrote the entry there, and its number.</summary>
    public (string Name, long Number) Writer { get; set; } = ("", 0);

    public AppendResult Answer(AppendStatus status) => new(status, Position, Writer.Name, Writer.Number);
}
