using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Protocols;

/// <summary>What the bare send loop of the comparison does: it sends lines to whoever connects and reads nothing.</summary>
internal sealed class RawProtocol(string host) : WireProtocol(host)
{
    public override byte[] Opening(Viewer viewer)
    {
        viewer.IsOpen = true;
        return [];
    }

    public override int Handshake(Viewer viewer, ReadOnlySpan<byte> bytes, out byte[]? reply)
    {
        reply = null;
        viewer.IsOpen = true;
        return 0;
    }

    public override int Parse(int mode, ReadOnlySpan<byte> bytes, MessageBatch into)
    {
        var used = 0;
        while (bytes[used..].IndexOf((byte)'\n') is var end and >= 0)
        {
            into.Add(bytes.Slice(used, end), MessageSort.Frame);
            used += end + 1;
        }

        return used;
    }
}
