namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>What the swarm measures, as reports name it.</summary>
internal static class LatencyNames
{
    public const string Like = "like due to seen";
    public const string Comment = "comment due to seen";
    public const string Oldest = "frame: oldest in it accepted to seen";
    public const string Built = "frame: built to seen";
    public const string First = "connect to first frame";
    public const string Back = "cut to first frame again";
    public const string Behind = "dripping viewer: frame built to read";
}
