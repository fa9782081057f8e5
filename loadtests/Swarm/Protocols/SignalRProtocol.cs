using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Protocols;

/// <summary>
/// The JSON hub protocol of SignalR (aspnetcore, SignalR/docs/specs/HubProtocol.md) without negotiation: records end
/// with 0x1E. Our hub streams frames as items of an answer; a plain hub invokes a client method with each.
/// </summary>
internal sealed class SignalRProtocol(string host, bool watches) : WebSocketProtocol(host, null)
{
    private const byte Separator = 0x1E;

    public override byte[] KeepAlive { get; } = Text("{\"type\":6}\u001e");

    public override byte[] Opening(Viewer viewer) => Request(viewer.Path, null);

    protected override byte[]? Upgraded(Viewer viewer) => Text("{\"protocol\":\"json\",\"version\":1}\u001e");

    protected override byte[]? Greeted(Viewer viewer, ReadOnlySpan<byte> payload)
    {
        if (payload.IndexOf("\"error\""u8) >= 0) viewer.Refusal = -1;
        else viewer.IsOpen = true;
        if (!watches) return null;
        var place = viewer.Position is { } position ? $"\"{position}\"" : "null";
        return Text($"{{\"type\":4,\"invocationId\":\"1\",\"target\":\"Watch\",\"arguments\":[\"{viewer.StreamId}\",{place}]}}\u001e");
    }

    protected override void Message(ReadOnlySpan<byte> payload, MessageBatch into)
    {
        while (payload.IndexOf(Separator) is var end and >= 0)
        {
            var record = payload[..end];
            payload = payload[(end + 1)..];
            if (record.StartsWith("{\"type\":2,"u8)) Item(record, "\"item\":"u8, 1, into);
            else if (record.StartsWith("{\"type\":1,"u8)) Item(record, "\"arguments\":["u8, 2, into);
            else if (record.StartsWith("{\"type\":3,"u8) || record.StartsWith("{\"type\":7"u8)) into.Ends = true;
        }
    }

    private static void Item(ReadOnlySpan<byte> record, ReadOnlySpan<byte> after, int closing, MessageBatch into)
    {
        var start = record.IndexOf(after);
        if (start >= 0) into.Add(record[(start + after.Length)..^closing], MessageSort.Frame);
    }
}
