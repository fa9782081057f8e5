using System.Net.WebSockets;
using System.Text;

namespace Interactions.Tests.EndToEnd.BadInput;

/// <summary>One WebSocket message that has to be refused.</summary>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="CloseCodes">What the server may close with; none = it answers <c>error</c> (or an ack that rejects) and goes on.</param>
/// <param name="RejectedWith">Not null: the message is well formed, and its one item is rejected with this code.</param>
internal sealed record BadMessage(string Kind, byte[] Bytes, WebSocketMessageType Type, int[] CloseCodes, string? RejectedWith = null)
{
    public static BadMessage Next(Random random)
    {
        switch (random.Next(9))
        {
            case 0:
            case 1:
            case 2:
                return Text("wrong shape", BadJson.Pick(random,
                [
                    "{}", "[]", "17", "null", "\"ping\"", "{\"t\":null}", "{\"t\":7}", "{\"t\":\"nothing\"}", "{\"t\":\"send\"}", "{\"t\":\"send\",\"ref\":1}",
                    "{\"t\":\"send\",\"ref\":1,\"items\":{}}", "{\"t\":\"send\",\"ref\":1,\"items\":\"x\"}", "{\"t\":\"send\",\"ref\":1,\"items\":[]}",
                    "{\"t\":\"send\",\"ref\":{},\"items\":[{\"type\":\"unpin\"}]}", "{\"t\":\"token\"}", "{\"t\":\"token\",\"token\":17}", "{\"t\":[\"ping\"]}",
                ]));
            case 3: return Text("wrong items", "{\"t\":\"send\",\"ref\":2,\"items\":" + WrongItems(random) + "}");
            case 4: return Text("foreign role", "{\"t\":\"send\",\"ref\":3,\"items\":[{\"type\":\"cue\",\"name\":\"goal\"}]}") with { RejectedWith = "forbidden" };
            case 5: return new("broken JSON", [.. "{"u8, .. Ascii(BadJson.Broken(random))], WebSocketMessageType.Text, [4400]);
            case 6: return new("huge", Encoding.UTF8.GetBytes(BadJson.Huge(random)), WebSocketMessageType.Text, [4400]);
            case 7: return new("deep nesting", Encoding.UTF8.GetBytes("{\"t\":\"send\",\"ref\":1,\"items\":[" + BadJson.Deep(random) + "]}"), WebSocketMessageType.Text, [4400]);
            case 8 when random.Next(2) == 0:
                return new("invalid UTF-8", BadJson.InvalidUtf8(random), WebSocketMessageType.Text, [4400]);
            default: return Text("bad token", $"{{\"t\":\"token\",\"token\":\"{BadTokens.Pick(random)}\"}}") with { CloseCodes = [4401] };
        }
    }

    public override string ToString() => $"{Kind}: {Encoding.UTF8.GetString(Bytes, 0, Math.Min(Bytes.Length, 200))}";

    private static BadMessage Text(string kind, string text) => new(kind, Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, []);

    // Items of a message are always a list.
    private static string WrongItems(Random random)
    {
        var shape = BadJson.WrongShape(random);
        return shape.StartsWith('[') ? shape : $"[{shape}]";
    }

    private static byte[] Ascii(byte[] bytes) => [.. bytes.Select(value => value < 128 ? value : (byte)'?')];
}
