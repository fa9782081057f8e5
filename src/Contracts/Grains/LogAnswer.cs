using Interactions.Contracts.Log;

namespace Interactions.Contracts.Grains;

/// <param name="Code"><see cref="Code.Accepted"/>; <see cref="Code.Trimmed"/>: the position can't be read from.</param>
/// <param name="IsOtherLife">Whether it is trimmed because the position is of another life of the log.</param>
/// <param name="Entries">In order, none missing.</param>
/// <param name="Head">The log's last position.</param>
[GenerateSerializer, Immutable, Alias("interactions.logAnswer")]
public sealed record LogAnswer(Code Code, bool IsOtherLife, IReadOnlyList<Entry> Entries, Position Head)
{
    public static LogAnswer Refused(Code code) => new(code, false, [], Position.Start);
}
