using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Damage;

/// <summary>Damage to the data folder is never taken for the end of a crash: the service refuses to start, and says what can be done.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DamageTests(StoredLog stored) : IClassFixture<StoredLog>
{
    /// <summary>What is done to a copy; each answers the path that the refusal has to name.</summary>
    private static readonly Dictionary<string, Func<FolderCopy, string>> Kinds = new()
    {
        ["a flipped bit early in the write-ahead log"] = copy => FolderCopy.Flip(copy.Wal, 60),
        ["a flipped bit in its middle"] = copy => FolderCopy.Flip(copy.Wal, new FileInfo(copy.Wal).Length / 2),
        ["a flipped bit in its last record"] = copy => FolderCopy.Flip(copy.Wal, -20),
        ["a flipped length in its last record"] = copy => FolderCopy.Flip(copy.Wal, Records(copy.Wal)[^1] + 5),
        ["a flipped length in a record near its end"] = copy => FolderCopy.Flip(copy.Wal, Records(copy.Wal)[^10] + 5),
        ["a flipped type in a record near its end"] = copy => FolderCopy.Flip(copy.Wal, Records(copy.Wal)[^10] + 6),
        ["a flipped bit early in a table"] = copy => FolderCopy.Flip(copy.Table, 50),
        ["a flipped bit in the middle of a table"] = copy => FolderCopy.Flip(copy.Table, new FileInfo(copy.Table).Length / 2),
        ["a flipped bit in the footer of a table"] = copy => FolderCopy.Flip(copy.Table, -10),
        ["a flipped bit in an older table"] = copy => FolderCopy.Flip(copy.OlderTable, 300),
        ["a flipped bit in the manifest"] = copy => FolderCopy.Flip(copy.Newest("MANIFEST-*"), 50),
        ["a flipped bit in CURRENT"] = copy => Path.GetDirectoryName(FolderCopy.Flip(copy.Newest("CURRENT"), 12))!,
        ["a flipped bit in the mark"] = copy => FolderCopy.Flip(copy.Mark, 34),
        ["no write-ahead log"] = copy => Path.GetDirectoryName(FolderCopy.Remove(copy.Wal))!,
        ["a table is missing"] = copy => FolderCopy.Remove(copy.Table),
        ["the older table is missing"] = copy => FolderCopy.Remove(copy.OlderTable),
        ["no manifest"] = copy => FolderCopy.Remove(copy.Newest("MANIFEST-*")),
        ["no CURRENT"] = copy => FolderCopy.Remove(copy.Newest("CURRENT")),
        ["no mark"] = copy => FolderCopy.Remove(copy.Mark),
        ["no database"] = copy =>
        {
            Directory.Delete(copy.Log, recursive: true);
            return copy.Log;
        },
        ["an empty database"] = copy =>
        {
            Directory.Delete(copy.Log, recursive: true);
            return Directory.CreateDirectory(copy.Log).FullName;
        },
        ["a write-ahead log cut within its last record"] = copy => FolderCopy.Cut(copy.Wal, -7),
        ["a write-ahead log cut between two records"] = copy => FolderCopy.Cut(copy.Wal, Records(copy.Wal)[^3]),
        ["half a write-ahead log"] = copy => FolderCopy.Cut(copy.Wal),
        ["an empty write-ahead log"] = copy => FolderCopy.Cut(copy.Wal, 0),
        ["half a table"] = copy => FolderCopy.Cut(copy.Table),
        ["an empty table"] = copy => FolderCopy.Cut(copy.Table, 0),
        ["half a manifest"] = copy => FolderCopy.Cut(copy.Newest("MANIFEST-*")),
        ["half a mark"] = copy => FolderCopy.Cut(copy.Mark),
        ["two tables whose names are swapped"] = copy => FolderCopy.Swap(copy.Table, copy.OlderTable),
        ["a table in place of the write-ahead log"] = copy => Path.GetDirectoryName(FolderCopy.Swap(copy.Wal, copy.Table))!,
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Damage_refuses_to_start_in_one_line_that_names_it_and_changes_nothing(string kind)
    {
        using var copy = stored.Copy();
        var named = Kinds[kind](copy);
        var before = copy.Contents();
        var (code, output) = await ServiceRun.ToItsEndAsync("--Urls", "http://127.0.0.1:0", "--Auth:Dev", "true", "--Log:Path", copy.Path);
        Assert.Equal(1, code);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.Contains("--repair", line, StringComparison.Ordinal);
        Assert.Equal(before, copy.Contents());
    }

    [Theory]
    [InlineData("cut", 1)]
    [InlineData("cut", 40)]
    [InlineData("cut", -3)]
    [InlineData("cut", 0)]
    [InlineData("flip", 30)]
    [InlineData("flip", -5)]
    public async Task A_group_that_nobody_was_told_of_may_be_torn_anywhere(string how, int at)
    {
        using var copy = stored.Copy();
        copy.PutBackMark();
        var last = Records(copy.Wal)[^1];
        var whole = at == 0;
        if (how == "flip") FolderCopy.Flip(copy.Wal, at > 0 ? last + at : at);
        else if (!whole) FolderCopy.Cut(copy.Wal, at > 0 ? last + at : at);

        await using var service = await ServiceProcess.StartAsync("--Log:Path", copy.Path);
        foreach (var stream in StoredLog.Streams)
        {
            var comments = await CommentsAsync(service, stream);
            Assert.Equal(StoredLog.All - (stream == "b" && !whole ? 1 : 0), comments.Count);
            Assert.All(comments, id => Assert.StartsWith(stored.Epochs[stream], id, StringComparison.Ordinal));
        }

        Assert.Equal(how == "flip", service.Output.Contains("had a torn end at byte", StringComparison.Ordinal));
        await service.KillAsync();
        await service.StartAgainAsync();
        Assert.Equal(StoredLog.All, (await CommentsAsync(service, "a")).Count);
    }

    [Fact]
    public async Task Damage_that_is_found_while_it_runs_is_said_once_and_answered_as_damaged()
    {
        using var copy = stored.Copy();
        await using var service = await ServiceProcess.StartAsync("--Log:Path", copy.Path);
        FolderCopy.Flip(copy.OlderTable, FolderCopy.Find(copy.OlderTable, "0.5 xxx"));
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        List<string> damaged = [];
        foreach (var stream in StoredLog.Streams)
        {
            for (var i = 0; i < 3; i++)
            {
                var answer = await owner.GetAsync($"streams/{stream}");
                if (answer.Status == 200) continue;
                Assert.Equal(500, answer.Status);
                Assert.Equal("damaged", answer.Json.GetProperty("code").GetString());
                Assert.DoesNotContain(copy.Path, answer.Text, StringComparison.Ordinal);
                damaged.Add(stream);
            }
        }

        // It can be deleted, and others go on.
        Assert.Contains("a", damaged);
        (await owner.CallAsync(HttpMethod.Delete, "streams/a")).Expect(204);
        (await owner.GetAsync("streams/a")).Expect(404);
        await owner.GoLiveAsync("sound");
        await owner.AcceptedAsync("sound", new { type = "comment", text = "goes on" });
        Assert.Equal(200, await service.ReadinessAsync());
        var said = Assert.Single(service.Output.Split('\n'), line => line.Contains("damaged", StringComparison.Ordinal));
        Assert.Contains(copy.OlderTable, said, StringComparison.Ordinal);
    }

    internal static async Task<IReadOnlyList<string>> CommentsAsync(ServiceProcess service, string stream)
    {
        using var viewer = await Client.SignInAsync(service, "reader", "admin");
        List<string> ids = [];
        var page = $"streams/{stream}/comments?limit=50";
        while (true)
        {
            var comments = (await viewer.GetAsync(page)).Expect(200).GetProperty("comments").EnumerateArray().Select(comment => comment.GetProperty("id").GetString()!).ToArray();
            if (comments.Length == 0) return ids;
            ids.AddRange(comments);
            var oldest = comments.MinBy(id => long.Parse(id.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture));
            page = $"streams/{stream}/comments?limit=50&before={oldest}";
        }
    }

    /// <summary>Where the records of a write-ahead log begin: a header has 7 bytes, with the length in the fifth and sixth.</summary>
    private static List<long> Records(string path)
    {
        var bytes = File.ReadAllBytes(path);
        List<long> records = [];
        for (var at = 0; at + 7 < bytes.Length; at += 7 + BitConverter.ToUInt16(bytes, at + 4))
        {
            if ((32768 - (at % 32768)) < 7) at += 32768 - (at % 32768);
            records.Add(at);
        }

        return records;
    }
}
