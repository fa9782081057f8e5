using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Frames;

namespace Interactions.Frontend.Fanout;

/// <summary>One frame, encoded at most once per format; its bytes are shared by every viewer. Safe for concurrent readers.</summary>
internal sealed class Packet(Frame frame, long atMs)
{
    private static readonly byte[] TaggedFrame = "{\"t\":\"frame\","u8.ToArray();
    private static readonly byte[] TaggedSnapshot = "{\"t\":\"snapshot\","u8.ToArray();

    private byte[]? _json;
    private byte[]? _sse;
    private byte[]? _tagged;

    public Position Position => frame.Position;

    public bool IsSnapshot => frame.IsSnapshot;

    public bool IsEmpty { get; } = frame.IsEmpty;

    public long OldestMs => frame.OldestMs;

    public long AtMs => atMs;

    public byte[] Json => _json ??= FrameJson.Encode(frame, atMs);

    public ReadOnlyMemory<byte> Bytes(WireFormat format) => format == WireFormat.Sse ? _sse ??= EncodeSse() : _tagged ??= EncodeTagged();

    private byte[] EncodeSse()
    {
        var head = Encoding.ASCII.GetBytes($"event: {(IsSnapshot ? "snapshot" : "frame")}\nid: {Position}\ndata: ");
        return [.. head, .. Json, (byte)'\n', (byte)'\n'];
    }

    private byte[] EncodeTagged() => [.. IsSnapshot ? TaggedSnapshot : TaggedFrame, .. Json.AsSpan(1)];
}
