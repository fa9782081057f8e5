using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>
/// Reads of a frame's JSON what <see cref="FrameFacts"/> keeps. Viewers of one stream are sent the same bytes, so a
/// frame is scanned once per thread and not once per viewer (see <see cref="FrameMemo"/>).
/// </summary>
internal sealed class FrameScan
{
    private readonly byte[][] _kinds;

    /// <param name="kinds">At most <see cref="FrameFacts.MostKinds"/>; others are not followed.</param>
    public FrameScan(IEnumerable<string> kinds)
    {
        _kinds = [.. kinds.Select(Encoding.UTF8.GetBytes)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_kinds.Length, FrameFacts.MostKinds);
    }

    /// <param name="sort">What the transport said it is; <c>"t"</c> in the frame says it otherwise.</param>
    public void Read(ReadOnlySpan<byte> frame, MessageSort sort, FrameFacts into)
    {
        into.Clear();
        into.Sort = sort;
        try
        {
            var json = new Utf8JsonReader(frame);
            if (json.Read() && json.TokenType == JsonTokenType.StartObject) Members(ref json, into);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            into.Sort = MessageSort.Error;
        }
    }

    /// <summary>A hash that is the same in every process (FNV-1a, spread by a multiplication).</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in bytes) hash = (hash ^ b) * 1099511628211UL;
        hash ^= hash >> 29;
        return hash * 0x9E3779B97F4A7C15UL;
    }

    private void Members(ref Utf8JsonReader json, FrameFacts into)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("t"u8))
            {
                json.Read();
                into.Sort = SortOf(ref json);
            }
            else if (json.ValueTextEquals("position"u8))
            {
                json.Read();
                var text = json.ValueSpan;
                var dot = text.IndexOf((byte)'.');
                into.Epoch = Hash(text[..Math.Max(0, dot)]);
                into.Offset = Utf8Parser.TryParse(text[(dot + 1)..], out long offset, out _) ? offset : -1;
                into.Position = Encoding.ASCII.GetString(text);
            }
            else if (json.ValueTextEquals("at"u8))
            {
                json.Read();
                into.AtMs = json.GetInt64();
            }
            else if (json.ValueTextEquals("oldest"u8))
            {
                json.Read();
                into.OldestMs = json.GetInt64();
            }
            else if (json.ValueTextEquals("totals"u8))
            {
                into.TotalsSaid = Counts(ref json, into.Totals);
            }
            else if (json.ValueTextEquals("delta"u8))
            {
                Counts(ref json, into.Deltas);
            }
            else if (json.ValueTextEquals("comments"u8))
            {
                Comments(ref json, into);
            }
            else if (json.ValueTextEquals("missed"u8))
            {
                json.Read();
                into.Missed = json.GetInt32();
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static MessageSort SortOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("frame"u8) ? MessageSort.Frame
        : json.ValueTextEquals("snapshot"u8) ? MessageSort.Snapshot
        : json.ValueTextEquals("bye"u8) ? MessageSort.Bye
        : json.ValueTextEquals("error"u8) ? MessageSort.Error
        : MessageSort.Other;

    private int Counts(ref Utf8JsonReader json, Span<long> into)
    {
        var said = 0;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var kind = 0;
            while (kind < _kinds.Length && !json.ValueTextEquals(_kinds[kind])) kind++;
            json.Read();
            if (kind == _kinds.Length) continue;
            into[kind] = json.GetInt64();
            said |= 1 << kind;
        }

        return said;
    }

    private static void Comments(ref Utf8JsonReader json, FrameFacts into)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            into.Comments++;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("id"u8))
                {
                    json.Read();
                    into.CommentHashes += Hash(json.ValueSpan);
                }
                else if (json.ValueTextEquals("text"u8))
                {
                    json.Read();
                    if (CommentStamp.TryRead(json.ValueSpan, out var sentAt)) into.CommentsSentAt.Add(sentAt);
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }
}
