using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Damage;

/// <summary><c>--repair</c> says what it gives up, moves what was there aside, keeps what is sound, and gives no offset out twice.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class RepairTests(StoredLog stored) : IClassFixture<StoredLog>
{
    /// <summary>What is done, and the fewest comments that are to stay.</summary>
    private static readonly Dictionary<string, (Action<FolderCopy> Do, int Fewest)> Kinds = new()
    {
        ["a flipped bit in the write-ahead log"] = (copy => FolderCopy.Flip(copy.Wal, new FileInfo(copy.Wal).Length / 2), 250),
        ["half a write-ahead log"] = (copy => FolderCopy.Cut(copy.Wal), 290),
        ["no write-ahead log"] = (copy => FolderCopy.Remove(copy.Wal), 240),
        ["a table is missing"] = (copy => FolderCopy.Remove(copy.Table), 240),
        ["half a table"] = (copy => FolderCopy.Cut(copy.Table), 240),
        ["no manifest"] = (copy => FolderCopy.Remove(copy.Newest("MANIFEST-*")), 360),
        ["no CURRENT"] = (copy => FolderCopy.Remove(copy.Newest("CURRENT")), 360),
        ["no mark"] = (copy => FolderCopy.Remove(copy.Mark), 360),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_sound_stays_and_streams_that_may_have_lost_something_begin_a_new_epoch(string kind)
    {
        using var copy = stored.Copy();
        Kinds[kind].Do(copy);
        var wal = Path.GetFileName(Directory.GetFiles(copy.Log).Order(StringComparer.Ordinal).First());
        var (code, output) = await ServiceRun.ToItsEndAsync("--repair", "--Log:Path", copy.Path, "--Auth:Dev", "true");
        Assert.Equal(0, code);
        var aside = Assert.Single(Directory.GetDirectories(copy.Path, "damaged-*"));
        Assert.Contains(aside, output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(aside, "log", wal)));

        await using var service = await ServiceProcess.StartAsync("--Log:Path", copy.Path);
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        var kept = 0;
        foreach (var stream in StoredLog.Streams)
        {
            // A comment keeps its name; the stream's position is of another epoch, in which nothing was given out yet.
            var comments = await DamageTests.CommentsAsync(service, stream);
            kept += comments.Count;
            Assert.Equal(comments.Count, comments.Distinct().Count());
            Assert.All(comments, id => Assert.StartsWith(stored.Epochs[stream], id, StringComparison.Ordinal));
            Assert.DoesNotContain(stored.Epochs[stream], await owner.AcceptedAsync(stream, new { type = "comment", text = "after" }), StringComparison.Ordinal);
        }

        Assert.InRange(kept, Kinds[kind].Fewest, 3 * StoredLog.All);
    }

    [Fact]
    public async Task A_flipped_bit_in_a_table_costs_one_row_and_other_streams_their_epochs_not()
    {
        using var copy = stored.Copy();
        FolderCopy.Flip(copy.OlderTable, FolderCopy.Find(copy.OlderTable, "0.5 xxx"));
        var (code, output) = await ServiceRun.ToItsEndAsync("--repair", "--Log:Path", copy.Path, "--Auth:Dev", "true");
        Assert.Equal(0, code);
        Assert.Contains("Given up: 1 entries of a", output, StringComparison.Ordinal);

        await using var service = await ServiceProcess.StartAsync("--Log:Path", copy.Path);
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        foreach (var stream in StoredLog.Streams)
        {
            Assert.Equal(StoredLog.All - (stream == "a" ? 1 : 0), (await DamageTests.CommentsAsync(service, stream)).Count);
            var next = await owner.AcceptedAsync(stream, new { type = "comment", text = "after" });
            Assert.Equal(stream != "a", next.StartsWith(stored.Epochs[stream], StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    [InlineData("remove")]
    public async Task A_write_ahead_log_that_is_not_whole_is_said_to_be_given_up_from_where_on(string how)
    {
        using var copy = stored.Copy();
        var wal = copy.Wal;
        if (how == "flip") FolderCopy.Flip(wal, new FileInfo(wal).Length / 2);
        if (how == "cut") FolderCopy.Cut(wal);
        if (how == "remove") FolderCopy.Remove(wal);
        var (code, output) = await ServiceRun.ToItsEndAsync("--repair", "--Log:Path", copy.Path, "--Auth:Dev", "true");
        Assert.Equal(0, code);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.Contains("Given up: ", output, StringComparison.Ordinal);
        Assert.Contains("that were acknowledged", output, StringComparison.Ordinal);
        Assert.Contains(how == "remove" ? copy.Log : wal, output, StringComparison.Ordinal);
        Assert.Equal(how == "flip", output.Contains("although they may be sound", StringComparison.Ordinal));
        Assert.Contains("The directory of streams lost something or may have", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_whose_beginning_is_lost_is_named_and_its_id_shows_the_next_owner_nothing()
    {
        using var copy = stored.Copy();
        FolderCopy.Remove(copy.OlderTable);
        var (code, output) = await ServiceRun.ToItsEndAsync("--repair", "--Log:Path", copy.Path, "--Auth:Dev", "true");
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.Equal(0, code);
        Assert.Contains("Nothing is left of ", output, StringComparison.Ordinal);

        await using var service = await ServiceProcess.StartAsync("--Log:Path", copy.Path);
        using var other = await Client.SignInAsync(service, "other", "broadcaster");
        foreach (var stream in StoredLog.Streams)
        {
            Assert.Equal(404, (await other.GetAsync($"streams/{stream}")).Status);
            await other.GoLiveAsync(stream);
            Assert.Empty(await DamageTests.CommentsAsync(service, stream));
            var own = await other.AcceptedAsync(stream, new { type = "comment", text = "of the next owner" });
            Assert.Equal([own], await DamageTests.CommentsAsync(service, stream));
            Assert.DoesNotContain("xxx", (await other.GetAsync($"streams/{stream}/log")).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("empty")]
    public async Task A_folder_without_a_log_is_said_to_have_none_and_is_left_as_it_is(string kind)
    {
        var parent = Directory.CreateTempSubdirectory("interactions-no-log-").FullName;
        try
        {
            var path = Path.Combine(parent, "data");
            if (kind == "empty") Directory.CreateDirectory(path);
            var (code, output) = await ServiceRun.ToItsEndAsync("--repair", "--Log:Path", path, "--Auth:Dev", "true");
            Assert.Equal(1, code);
            Assert.Contains($"There is no log in {path}", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            Assert.Equal(kind == "empty" ? [path] : [], Directory.GetFileSystemEntries(parent, "*", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    [Fact]
    public async Task A_sound_log_is_left_alone()
    {
        using var copy = stored.Copy();
        var before = copy.Contents();
        var (code, output) = await ServiceRun.ToItsEndAsync("--repair", "--Log:Path", copy.Path, "--Auth:Dev", "true");
        Assert.Equal(0, code);
        Assert.Contains("is sound", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(before, copy.Contents());
    }

    [Fact]
    public async Task A_torn_end_is_no_damage()
    {
        using var copy = stored.Copy();
        copy.PutBackMark();
        FolderCopy.Flip(copy.Wal, -5);
        var before = copy.Contents();
        var (code, output) = await ServiceRun.ToItsEndAsync("--repair", "--Log:Path", copy.Path, "--Auth:Dev", "true");
        Assert.Equal(0, code);
        Assert.Contains("is sound", output, StringComparison.Ordinal);
        Assert.Equal(before, copy.Contents());
    }
}
