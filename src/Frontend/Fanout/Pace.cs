namespace Interactions.Frontend.Fanout;

/// <summary>
/// How a viewer that stalled is sent to until it is fast again: one frame at a time, the next when the last has arrived, with
/// as many bytes of comments as arrive in a second. So what a slow viewer reads is a few seconds old, whatever its line takes.
/// Under the cursor's lock.
/// </summary>
internal sealed class Pace
{
    /// <summary>As many as a frame may have otherwise.</summary>
    public const int AnyBytes = int.MaxValue;

    private const int LeastBytes = 256;
    private const int MostBytes = 16 * 1024;

    /// <summary>Less tells of the way's length rather than of its width.</summary>
    private const int TellingBytes = 512;

    /// <summary>Whoever takes a frame in this time keeps up.</summary>
    private const int QuickMs = 250;

    private int _bytes;
    private int _sinceMs;

    /// <summary>How many bytes of comments its next frame may have: a power of two, so that those at one place share frames.</summary>
    public int CommentBytes { get; private set; } = MostBytes;

    /// <summary>Bytes are on their way from now on.</summary>
    public void Sent(int bytes, int nowMs) => (_bytes, _sinceMs) = (bytes, nowMs);

    /// <summary>What was sent has arrived.</summary>
    /// <returns>Whether the viewer is fast again.</returns>
    public bool Arrived(int nowMs)
    {
        if (_bytes == 0) return false;
        var tookMs = Math.Max(1, unchecked(nowMs - _sinceMs));
        if (tookMs <= QuickMs) return true;
        if (_bytes >= TellingBytes)
        {
            var aSecond = Math.Clamp(_bytes * 1000L / tookMs, LeastBytes, MostBytes);
            CommentBytes = 1 << (int)Math.Log2(aSecond);
        }

        _bytes = 0;
        return false;
    }
}
