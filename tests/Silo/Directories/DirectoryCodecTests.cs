using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Silo.Directories;
using Xunit;

namespace Interactions.Tests.Silo.Directories;

public sealed class DirectoryCodecTests
{
    private static readonly DirectoryRow Row = new("a", "ada", "Title ✓", StreamStatus.Live, ulong.MaxValue, 1_763_660_000_000, "one");

    [Fact]
    public void Items_come_back_as_they_were()
    {
        DirectoryItem[] items =
        [
            new IntentBegun(new DirectoryIntent("i1", DirectoryIntentKind.Create, Row, new SettingsPatch(Title: "T", SlowModeSeconds: 7))),
            new IntentBegun(new DirectoryIntent("i2", DirectoryIntentKind.Delete, Row with { Store = null, IsDeleting = true })),
            new RowShown("a", 7, "i1", "T", StreamStatus.Ended),
            new RowShown("a", 7, null, "", StreamStatus.Created),
            new StreamErased("b", 8),
            new CreationCancelled("c", 9, "i3"),
        ];

        Assert.Equal(items, DirectoryCodec.Decode(DirectoryCodec.Encode(items)));
    }

    [Fact]
    public void A_snapshot_keeps_rows_intents_and_tombstones()
    {
        var state = new DirectoryState();
        state.Restore(
            [Row, Row with { Id = "b", IsDeleting = true }],
            [new DirectoryIntent("i1", DirectoryIntentKind.Create, Row, new SettingsPatch(Tap: false)), new DirectoryIntent("i2", DirectoryIntentKind.Delete, Row with { Id = "b", IsDeleting = true })],
            [new Tombstone("c", 3, 5)]);

        var loaded = DirectoryCodec.Load(DirectoryCodec.Save(state));

        Assert.Equal(Row, loaded.Rows.Find("a"));
        Assert.True(loaded.Find("b")!.IsDeleting);
        Assert.Equal(state.Intents.OrderBy(intent => intent.Name), loaded.Intents.OrderBy(intent => intent.Name));
        Assert.Equal(state.Tombstones, loaded.Tombstones);
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("0101")]
    [InlineData("010109")]
    [InlineData("010000")]
    public void Other_bytes_are_refused(string hex) => Assert.Throws<InvalidDataException>(() => DirectoryCodec.Decode(Convert.FromHexString(hex)));
}
