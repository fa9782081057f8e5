using System.Text.Json;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;

namespace Interactions.Tests.Frontend.Fanout;

/// <summary>
/// Adds up what it is sent, stalls at random, and says what a viewer must never see: two messages at once, a message while
/// one is under way, a comment twice.
/// </summary>
internal sealed class CountingSink(int seed, double stalls) : ISink
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _comments = [];
    private int _sending;

    public WireFormat Format => WireFormat.Tagged;

    public long Likes { get; private set; }

    public int Comments => _comments.Count;

    public int Missed { get; private set; }

    public List<int> Replies { get; } = [];

    public string? Broken { get; private set; }

    public int Stalls { get; private set; }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        if (Interlocked.Exchange(ref _sending, 1) != 0) Broken ??= "A message was sent while another was under way.";
        Take(message);
        if (_random.NextDouble() >= stalls)
        {
            Volatile.Write(ref _sending, 0);
            return ValueTask.CompletedTask;
        }

        Stalls++;
        return new(StallAsync(_random.Next(3)));
    }

    public void Abort(CloseReason reason)
    {
    }

    private async Task StallAsync(int yields)
    {
        // Some stalls end at once, some after ticks have passed.
        await Task.Yield();
        for (var i = 0; i < yields; i++) await Task.Delay(_random.Next(40));
        Volatile.Write(ref _sending, 0);
    }

    private void Take(ReadOnlyMemory<byte> message)
    {
        var frame = JsonDocument.Parse(message).RootElement;
        if (frame.GetProperty("t").GetString() == "ack")
        {
            Replies.Add(frame.GetProperty("ref").GetInt32());
            return;
        }

        var isSnapshot = frame.GetProperty("t").GetString() == "snapshot";
        if (isSnapshot) Likes = frame.GetProperty("totals").GetProperty("like").GetInt64();
        else if (frame.TryGetProperty("delta", out var delta)) Likes += delta.GetProperty("like").GetInt64();
        if (!isSnapshot && frame.TryGetProperty("totals", out var totals) && totals.GetProperty("like").GetInt64() != Likes)
        {
            Broken ??= $"The deltas add up to {Likes}, the total is {totals.GetProperty("like").GetInt64()}.";
        }

        if (frame.TryGetProperty("missed", out var missed)) Missed += missed.GetInt32();
        if (!frame.TryGetProperty("comments", out var comments)) return;
        foreach (var comment in comments.EnumerateArray())
        {
            if (!_comments.Add(comment.GetProperty("id").GetString()!)) Broken ??= "A comment came twice.";
        }
    }
}
