using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Interactions.Frontend.Transports.Listener;
using Xunit;

namespace Interactions.Tests.Frontend.Transports;

public sealed class HeadParserProperties
{
    private const string Head = "GET /v1/streams/match-7/events?position=k3f.17 HTTP/1.1\r\nHost: example.org\r\nAccept: text/event-stream\r\nOrigin: https://a.example\r\n\r\n";

    [Fact]
    public void Garbage_is_never_live_and_never_an_error() => Check(Gen.ArrayOf(Gen.Choose(0, 255)), numbers =>
    {
        byte[] bytes = [.. numbers.Select(number => (byte)number)];
        Assert.NotEqual(HeadVerdict.Live, HeadParser.Read(bytes, out _));
        Assert.NotEqual(HeadVerdict.Live, HeadParser.Read([.. Encoding.ASCII.GetBytes("GET /v1/streams/"), .. bytes], out _));
    });

    [Fact]
    public void A_damaged_head_is_live_only_as_something_that_its_bytes_say() => Check(Gen.ArrayOf(Gen.Choose(0, 1 << 20), 3), numbers =>
    {
        var bytes = Encoding.ASCII.GetBytes(Head);
        foreach (var number in numbers) bytes[(number >> 8) % bytes.Length] = (byte)number;
        if (HeadParser.Read(bytes, out var head) != HeadVerdict.Live) return;
        var written = new StringBuilder($"GET /v1/streams/{head!.Stream}/{(head.IsSocket ? "socket" : "events")}{head.Query} HTTP/1.1\r\n");
        foreach (var (name, value) in head.Headers) written.Append(name).Append(':').Append(value).Append("\r\n");
        var read = Encoding.Latin1.GetString(bytes, 0, head.Length);
        Assert.Equal(Bare(written + "\r\n"), Bare(read));
    });

    [Fact]
    public void More_bytes_never_take_an_answer_back() => Check(Gen.ArrayOf(Gen.Choose(0, 1 << 20), 2), numbers =>
    {
        var bytes = Encoding.ASCII.GetBytes(Head);
        bytes[(numbers[0] >> 8) % bytes.Length] = (byte)numbers[0];
        var before = HeadVerdict.Incomplete;
        for (var length = 0; length <= bytes.Length; length++)
        {
            var now = HeadParser.Read(bytes.AsSpan(0, length), out _);
            if (before != HeadVerdict.Incomplete) Assert.Equal(before, now);
            before = now;
        }
    });

    // Spaces and tabs around values are the only bytes that a head may lose.
    private static string Bare(string head) => head.Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);

    private static void Check(Gen<int[]> numbers, Action<int[]> holds) =>
        Prop.ForAll(numbers.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
