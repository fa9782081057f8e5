using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>What the writer knows of a stream without reading it: how it is once all that is staged is written.</summary>
internal sealed class StreamHead
{
    /// <summary>Null: there is no such stream.</summary>
    public StreamLife? Life { get; set; }

    public LogHead Last { get; set; } = LogHead.Empty;
}
