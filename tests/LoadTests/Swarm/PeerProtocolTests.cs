using System.Text;
using Interactions.LoadTests.Scenarios.Compare;
using Interactions.LoadTests.Swarm.Protocols;
using Interactions.LoadTests.Swarm.Watching;
using Xunit;

namespace Interactions.Tests.LoadTests.Swarm;

public sealed class PeerProtocolTests
{
    private const string Upgraded = "HTTP/1.1 101 Switching Protocols\r\n\r\n";

    public static TheoryData<string, string[], string[], string> Peers => new()
    {
        { "plain-websocket", [], ["""{"at":7}"""], "" },
        { "nats", ["INFO {}\r\n", "PONG\r\n"], ["MSG s 1 8\r\n{\"at\":7}\r\n"], "SUB s 1" },
        { "socketio", ["0{\"sid\":\"x\"}", "40{\"sid\":\"y\"}"], ["2", """42["frame",{"at":7}]"""], "40" },
        { "plain-signalr", ["{}\u001e"], ["{\"type\":6}\u001e", "{\"type\":1,\"target\":\"frame\",\"arguments\":[{\"at\":7}]}\u001e"], "\"protocol\":\"json\"" },
    };

    [Theory]
    [MemberData(nameof(Peers))]
    public void A_viewer_of_a_peer_agrees_with_it_and_counts_its_frames(string name, string[] greetings, string[] messages, string says)
    {
        var protocol = WireProtocol.Of(name, "localhost");
        var viewer = ProtocolTests.NewViewer();
        var said = new StringBuilder();
        foreach (var bytes in (byte[][])[Encoding.ASCII.GetBytes(Upgraded), .. greetings.Select(Frame)])
        {
            Assert.False(viewer.IsOpen);
            Assert.Equal(bytes.Length, protocol.Handshake(viewer, bytes, out var reply));
            if (reply is not null) said.Append(Encoding.ASCII.GetString(reply));
        }

        Assert.True(viewer.IsOpen);
        Assert.Contains(says, said.ToString(), StringComparison.Ordinal);
        var batch = new MessageBatch(new FrameScan(["like"]));
        byte[] all = [.. messages.SelectMany(Frame)];
        Assert.Equal(all.Length, protocol.Parse(0, all, batch));
        Assert.Equal([(MessageSort.Frame, 7L, -1L)], batch.Messages.ToArray().Select(m => (m.Sort, m.AtMs, m.Offset)));
        Assert.Equal(name == "socketio", batch.Reply is not null);
    }

    [Fact]
    public void The_table_gives_medians_and_ratios_to_the_first_server()
    {
        var folder = Directory.CreateTempSubdirectory("compare-").FullName;
        try
        {
            foreach (var (run, cpu) in new[] { 5.0, 4.0, 9.0 }.Index()) Write(folder, $"bare.{run}.json", cpu, cpu);
            Write(folder, "ours-sse.1.json", 6.0, 10.0);
            Write(folder, "signalr.1.json", 15.0, cold: null);
            var lines = CompareTable.Write(folder, ["bare", "ours-sse", "signalr", "nats"]).Split('\n');

            Assert.StartsWith("| bare | 5.0 | 1.00 | 5.0 | 1.00 | 3.5 | 99.0 % |", lines[2], StringComparison.Ordinal);
            Assert.StartsWith("| ours-sse | 6.0 | 1.20 | 10.0 | 2.00 |", lines[3], StringComparison.Ordinal);
            Assert.StartsWith("| signalr | 15.0 | 3.00 | – | – |", lines[4], StringComparison.Ordinal);
            Assert.StartsWith("| nats | did not run |", lines[5], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, string file, double cpu, double? cold) => File.WriteAllText(Path.Combine(folder, file), FormattableString.Invariant(
        $$$"""{"facts":{"{{{PeerScenario.CpuPerFrame}}}":{{{cpu}}},{{{(cold is null ? "" : FormattableString.Invariant($"\"{PeerScenario.ColdCpuPerFrame}\":{cold},"))}}}"{{{PeerScenario.IdleKilobytes}}}":3.5,"{{{PeerScenario.Delivered}}}":99},"latencies":{}}"""));

    private static byte[] Frame(string text) => [0x81, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
