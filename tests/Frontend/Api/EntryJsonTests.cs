using System.Buffers;
using System.Text.Json;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Frontend.Api;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class EntryJsonTests
{
    [Fact]
    public void The_place_of_an_item_is_its_index_over_all_batches_of_the_entry()
    {
        var items = Line(
            new Batch("f-1", 1, 0, [new Taps("like", 3), new Rejected(Code.SlowMode, 2400)]),
            new Batch("f-2", 9, 0, [new Submitted("ada", "Ada", false, 0, new Comment("third", null))])).GetProperty("items");
        Assert.Equal(3, items.GetArrayLength());
        Assert.Equal("taps", items[0].GetProperty("type").GetString());
        Assert.Equal("third", items[2].GetProperty("text").GetString());
    }

    [Fact]
    public void What_was_refused_is_written_as_its_code()
    {
        var refused = Line(new Batch("f-1", 1, 0, [new Rejected(Code.SlowMode, 2400)])).GetProperty("items")[0];
        Assert.Equal("""{"type":"rejected","code":"slow_mode"}""", refused.GetRawText());
    }

    [Fact]
    public void Who_watches_where_is_said_by_the_frontend_that_said_so()
    {
        var items = Line(
            new Batch("f-1", 1, 0, [new ViewersCounted(7)]),
            new Batch("f-2", 1, 0, [new RosterJoined("ada", "Ada"), new RosterLeft("bob")]),
            new Batch("", 0, 0, [new FrontendGone("f-1")])).GetProperty("items");
        Assert.Equal(["f-1", "f-2", "f-2", "f-1"], items.EnumerateArray().Select(item => item.GetProperty("node").GetString()!));
    }

    [Fact]
    public void The_oldest_item_of_the_entry_counts_as_far_as_that_is_known()
    {
        Assert.Equal(40, Line(new Batch("f-1", 1, 70, []), new Batch("f-2", 1, 40, []), new Batch("", 0, 0, [])).GetProperty("oldest").GetInt64());
        Assert.Equal(0, Line(new Batch("", 0, 0, [])).GetProperty("oldest").GetInt64());
    }

    private static JsonElement Line(params Batch[] batches)
    {
        var buffer = new ArrayBufferWriter<byte>();
        EntryJson.WriteLine(buffer, new Entry(new Position("k3f", 1), 100, "w1", 1, EntryCodec.Encode(new EntryBody(1, batches))));
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
