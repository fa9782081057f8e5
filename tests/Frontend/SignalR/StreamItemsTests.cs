using System.Text;
using System.Text.Json;
using Interactions.Frontend.Transports.SignalR;
using Xunit;

namespace Interactions.Tests.Frontend.SignalR;

public sealed class StreamItemsTests
{
    private readonly StreamItems _items = new();

    [Fact]
    public void A_frame_is_encoded_once_for_all_calls_of_the_same_id()
    {
        ReadOnlyMemory<byte> frame = "{\"t\":\"frame\"}"u8.ToArray();
        Assert.Same(_items.Of(new("1"), frame), _items.Of(new("1"), frame));
        Assert.NotSame(_items.Of(new("1"), frame), _items.Of(new("2"), frame));
    }

    [Fact]
    public void Another_frame_of_the_same_text_is_another_item()
    {
        var first = _items.Of(new("1"), "{}"u8.ToArray());
        Assert.NotSame(first, _items.Of(new("1"), "{}"u8.ToArray()));
    }

    [Fact]
    public void However_many_frames_and_ids_there_are_each_gets_its_own()
    {
        var frames = Enumerable.Range(0, 40).Select(i => (Number: i, Bytes: (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"{i}"))).ToArray();
        for (var id = 0; id < 50; id++)
        {
            foreach (var (number, bytes) in frames)
                Assert.Equal($$"""{"type":2,"invocationId":"{{id}}","item":{{number}}}""" + '\u001e', Text(id.ToString(System.Globalization.CultureInfo.InvariantCulture), bytes));
        }
    }

    [Theory]
    [InlineData("\"},\"x\":{\"")]
    [InlineData("\\ \u0000 \u001e \u2028 \u00fc \U0001F600")]
    public void Any_id_is_escaped(string id)
    {
        var text = Text(id, "{}"u8.ToArray());
        Assert.Equal(text.Length - 1, text.IndexOf('\u001e', StringComparison.Ordinal));
        using var record = JsonDocument.Parse(text[..^1]);
        Assert.Equal(id, record.RootElement.GetProperty("invocationId").GetString());
        Assert.Equal(3, record.RootElement.EnumerateObject().Count());
    }

    private string Text(string id, ReadOnlyMemory<byte> frame) => Encoding.UTF8.GetString(_items.Of(new(id), frame).GetSerializedMessage(new JsonOnly()).Span);
}
