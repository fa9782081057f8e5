namespace Interactions.Frontend.Fanout;

/// <summary>
/// How a viewer that stalled is sent to until it is fast again: one frame at a time, the next when the last has arrived, with
/// about as many bytes of comments as arrive in a second. So what a slow viewer reads is a few seconds old, whatever its line
/// takes. Under the cursor's lock.
/// </summary>
internal sealed class Pace
{
    /// <summary>No limit but that of the frame.</summary>
    public const int AnyBytes = int.MaxValue;

    private const int LeastBytes = 256;
    private const int MostBytes = 16 * 1024;

    /// <summary>Fewer tell of the way's length rather than of its width.</summary>
    private const int TellingBytes = 256;

    /// <summary>A frame that has arrived in this time was quick.</summary>
    private const int QuickMs = 250;

    /// <summary>So many in quick frames, one after the other, did not just fill the viewer's own buffer.</summary>
    private const int ProvenBytes = 8 * 1024;

    private int _bytes;
    private int _sinceMs;
    private int _quickBytes;
    private long? _until;

    /// <summary>Until something tells.</summary>
    private int _aSecond = 2 * 1024;

    /// <summary>How many bytes of comments its next frame may have: a power of two, so that those at one place share frames.</summary>
    public int CommentBytes => _aSecond == MostBytes ? AnyBytes : _aSecond;

    /// <summary>Bytes are on their way from now on; 0 = nothing is.</summary>
    public void Sent(int bytes, int nowMs) => (_bytes, _sinceMs, _until) = (bytes, nowMs, null);

    /// <summary>
    /// Whether all has arrived that was on its way when this was asked first. Others who share the connection (HTTP/2, a hub), and
    /// replies to the viewer itself, may see to it that there is always something on the way.
    /// </summary>
    /// <param name="arrived">How many bytes have, so far.</param>
    /// <param name="backlog">How many have not.</param>
    public bool HasPassed(long arrived, int backlog) => arrived >= (_until ??= arrived + backlog);

    /// <summary>What was sent has arrived.</summary>
    /// <returns>Whether the viewer is fast again.</returns>
    public bool Arrived(int nowMs)
    {
        if (_bytes == 0) return false;
        var tookMs = Math.Max(1, unchecked(nowMs - _sinceMs));
        if (_bytes >= TellingBytes)
        {
            // What its own buffer takes at once arrives quickly too, so it is trusted with twice what it took at the most.
            var aSecond = Math.Clamp(_bytes * 1000L / tookMs, LeastBytes, Math.Min(MostBytes, Math.Max(2 * _bytes, _aSecond)));
            _aSecond = 1 << (int)Math.Log2(aSecond);
        }

        _quickBytes = tookMs <= QuickMs ? _quickBytes + _bytes : 0;
        _bytes = 0;
        return _quickBytes >= ProvenBytes;
    }
}
