namespace Interactions.Frontend.Feeds;

/// <summary>Pauses between tries: 20 ms, doubled up to 1 s, each cut short by up to a half so that not all try at once.</summary>
internal struct BackOff
{
    private const int FirstMs = 20;
    private const int LongestMs = 1000;

    private int _tries;

    public TimeSpan Next()
    {
        var ms = Math.Min(LongestMs, FirstMs << Math.Min(_tries++, 6));
        return TimeSpan.FromMilliseconds(ms * (1 - (Random.Shared.NextDouble() / 2)));
    }
}
