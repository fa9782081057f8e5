namespace Interactions.Silo.Logs.File;

/// <summary>Consecutive entries of one stream in one segment.</summary>
/// <param name="Segment">Which.</param>
/// <param name="First">The first one's offset.</param>
/// <param name="Count">How many.</param>
/// <param name="IndexAt">Where in the segment's index file their locations stand; unless <paramref name="Locations"/> are here.</param>
/// <param name="Locations">Where in the segment they are, 8 bytes each.</param>
internal readonly record struct Slice(int Segment, long First, int Count, long IndexAt, long[]? Locations = null)
{
    public const int LocationBytes = 8;
}
