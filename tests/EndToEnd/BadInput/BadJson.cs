using System.Text;

namespace Interactions.Tests.EndToEnd.BadInput;

/// <summary>Bytes that are no interaction: wrong types, broken text, nonsense.</summary>
internal static class BadJson
{
    public const int BodyLimitBytes = 65_536;

    private static readonly string[] NotItems =
    [
        "null", "true", "17", "-1e400", "\"reaction\"", "{}", "[]", "[[]]", "[null]", "{\"type\":null}", "{\"type\":1}", "{\"type\":\"\"}",
        "{\"type\":\"like\"}", "{\"type\":\"REACTION\",\"kind\":\"like\"}", "{\"type\":[\"reaction\"]}", "{\"type\":{\"type\":\"reaction\"}}",
    ];

    // A correct item with one field that is not: {0} is replaced.
    private static readonly string[] Templates =
    [
        "{\"type\":\"reaction\",\"kind\":{0}}", "{\"type\":\"comment\",\"text\":{0}}", "{\"type\":\"comment\",\"text\":\"x\",\"key\":{0}}",
        "{\"type\":\"pin\",\"comment\":{0}}", "{\"type\":\"delete\",\"comment\":{0}}", "{\"type\":\"ban\",\"user\":{0}}",
        "{\"type\":\"vote\",\"poll\":\"p\",\"choice\":{0}}", "{\"type\":\"vote\",\"poll\":{0},\"choice\":1}", "{\"type\":\"cue\",\"name\":{0}}",
        "{\"type\":\"poll\",\"id\":\"p\",\"question\":{0},\"choices\":[\"a\",\"b\"]}", "{\"type\":\"poll\",\"id\":\"p\",\"question\":\"?\",\"choices\":{0}}",
        "{\"type\":\"closePoll\",\"id\":{0}}",
    ];

    private static readonly string[] WrongValues = ["true", "{}", "[]", "[[1]]", "1.5", "{\"a\":[]}", "\"\\ud800\""];

    private static readonly string[] WrongCounts = ["-1", "101", "1.5", "1e99", "15e-1", "1e-400", "-1e0", "1.01e2", "\"3\"", "true", "[]", "{}", "99999999999999999999"];

    /// <summary>Whole, valid JSON of the wrong shape.</summary>
    public static string WrongShape(Random random)
    {
        switch (random.Next(6))
        {
            case 0: return Pick(random, NotItems);
            case 1: return "{\"type\":\"reaction\",\"kind\":\"like\",\"count\":" + Pick(random, WrongCounts) + "}";
            case 2: return "[" + string.Join(',', Enumerable.Repeat("{\"type\":\"reaction\",\"kind\":\"like\"}", random.Next(101, 200))) + "]";
            case 3: return "[{\"type\":\"reaction\",\"kind\":\"like\"}," + Pick(random, NotItems) + "]";
            default: return Pick(random, Templates).Replace("{0}", Pick(random, WrongValues), StringComparison.Ordinal);
        }
    }

    /// <summary>Not JSON at all: cut off, or with bytes that are no text.</summary>
    public static byte[] Broken(Random random)
    {
        var whole = "[{\"type\":\"comment\",\"text\":\"" + new string('x', random.Next(1, 300)) + "\",\"key\":\"k\"}]";
        switch (random.Next(5))
        {
            case 0: return Encoding.UTF8.GetBytes(whole[..random.Next(1, whole.Length)]);
            case 1: return Encoding.UTF8.GetBytes(whole + Pick(random, ["]", "x", ",{}", "{}"]));
            case 2: return Encoding.UTF8.GetBytes(whole.Replace('"', '\''));
            case 3: return [(byte)'{', .. Garbage(random)];
            default: return Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><like/>");
        }
    }

    /// <summary>A well-formed comment, but for bytes in its text that are not UTF-8.</summary>
    public static byte[] InvalidUtf8(Random random)
    {
        byte[][] wrong = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80]];
        return [.. "{\"type\":\"comment\",\"text\":\"a"u8, .. wrong[random.Next(wrong.Length)], .. "b\"}"u8];
    }

    public static string Deep(Random random)
    {
        var depth = random.Next(200, 8000);
        return random.Next(2) == 0
            ? "{\"type\":\"cue\",\"name\":\"x\",\"data\":" + new string('[', depth) + new string(']', depth) + "}"
            : new string('[', depth);
    }

    public static string Huge(Random random) =>
        "{\"type\":\"comment\",\"text\":\"" + new string('h', BodyLimitBytes + random.Next(1, 200_000)) + "\"}";

    public static string Pick(Random random, string[] list) => list[random.Next(list.Length)];

    private static byte[] Garbage(Random random)
    {
        var bytes = new byte[random.Next(1, 500)];
        random.NextBytes(bytes);
        return bytes;
    }
}
