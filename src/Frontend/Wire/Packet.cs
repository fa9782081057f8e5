using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Frames;

namespace Interactions.Frontend.Wire;

/// <summary>One frame, encoded at most once per format; its bytes are shared by every viewer. Safe for concurrent readers.</summary>
internal sealed class Packet(Frame frame, long atMs)
{
    private static readonly byte[] TaggedFrame = "{\"t\":\"frame\","u8.ToArray();
    private static readonly byte[] TaggedSnapshot = "{\"t\":\"snapshot\","u8.ToArray();

    private byte[]? _json;
    private byte[]? _sse;
    private byte[]? _tagged;
    private byte[]? _framed;

    public Position Position => frame.Position;

    public bool IsSnapshot => frame.IsSnapshot;

    public bool IsEmpty { get; } = frame.IsEmpty;

    public long OldestMs => frame.OldestMs;

    public long AtMs => atMs;

    private byte[] Tag => IsSnapshot ? TaggedSnapshot : TaggedFrame;

    public byte[] Json => _json ??= FrameJson.Encode(frame, atMs);

    public ReadOnlyMemory<byte> Bytes(WireFormat format) => format switch
    {
        WireFormat.Sse => _sse ??= EncodeSse(),
        WireFormat.Framed => _framed ??= ServerFrame.Text(Tag, Json.AsSpan(1)),
        _ => _tagged ??= [.. Tag, .. Json.AsSpan(1)],
    };

    private byte[] EncodeSse()
    {
        var head = Encoding.ASCII.GetBytes($"event: {(IsSnapshot ? "snapshot" : "frame")}\nid: {Position}\ndata: ");
        return [.. head, .. Json, (byte)'\n', (byte)'\n'];
    }
}
