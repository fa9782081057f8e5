using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Nodes;
using Interactions.Silo.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Nodes;

public sealed class StreamChangesTests
{
    private const string Id = "changed";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly SettingsPatch Settings = new(Title: "One", Reactions: ["wow"], SlowModeSeconds: 7);

    public static TheoryData<string> Calls => ["create", "retitle", "start", "end", "delete"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_change_that_a_crash_cuts_anywhere_is_finished_at_the_next_start_or_was_never_begun(string call)
    {
        for (var writes = 0; ; writes++)
        {
            await using var log = new MemoryLog(TimeProvider.System);
            var cut = new CutLog(log);
            await using var killed = await TestNode.StartAsync(cut);
            await PrepareAsync(killed.Node, call);
            var before = await ShownAsync(killed.Node);
            cut.CutAfter(writes);
            var calling = CallAsync(killed.Node, call);
            await Task.WhenAny(cut.Cut, calling).WaitAsync(Patience);

            await using var next = await TestNode.StartAsync(log);
            var row = next.Node.Directory.Find(Id);
            var shown = await ShownAsync(next.Node);
            Assert.Equal(row is null ? null : (row.Title, row.Status), shown);
            Assert.Empty(next.Node.Directory.Unfinished(TimeSpan.Zero));
            if (shown is null) Assert.Empty((await log.ReadAsync(Id, Position.Start, 1)).Entries);
            else if (call == "create") Assert.Equal(7, (await next.Node.OpenAsync(Id))!.Read(state => state.Settings.SlowModeSeconds));

            // Where the first write got through it was begun, and nothing of it is left out.
            if (writes == 0) Assert.Equal(before, shown);
            if (!cut.Cut.IsCompleted)
            {
                Assert.Equal(ChangeOutcome.Done, (await calling).Outcome);
                Assert.True(writes > 2, "A change is told to the directory before and after.");
                Assert.NotEqual(before, shown);
                return;
            }
        }
    }

    [Fact]
    public async Task Half_a_creation_that_is_finished_later_has_its_settings_and_its_owner()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        var cut = new CutLog(log);
        await using var killed = await TestNode.StartAsync(cut);
        cut.CutAfter(1);
        _ = killed.Node.Changes.CreateAsync(Id, "ada", Settings);
        await cut.Cut.WaitAsync(Patience);

        await using var next = await TestNode.StartAsync(log);
        var (owner, settings) = (await next.Node.OpenAsync(Id))!.Read(state => (state.Owner, state.Settings));
        Assert.Equal("ada", owner);
        Assert.True(settings.IsSameAs(StreamSettings.Default.With(Settings)), $"{settings}");
    }

    [Fact]
    public async Task An_id_whose_deletion_was_cut_off_is_free_again_after_the_next_start()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        var cut = new CutLog(log);
        await using var killed = await TestNode.StartAsync(cut);
        await (await killed.GoLiveAsync(Id)).SubmitAsync([TestNode.Like(5)]);
        cut.CutAfter(1);
        _ = killed.Node.Changes.DeleteAsync(killed.Node.Directory.Find(Id)!);
        await cut.Cut.WaitAsync(Patience);

        await using var next = await TestNode.StartAsync(log);
        Assert.Null(await next.Node.OpenAsync(Id));
        var again = await next.GoLiveAsync(Id);
        Assert.Equal(0, again.Feed.Read((view, _) => view.Snapshot(null).Totals!.Sum(total => total.Count)));
    }

    /// <summary>What the log of a stream holds whose row the directory lost.</summary>
    public static TheoryData<string> Left => ["a stream", "entries without a creation", "a stream with a snapshot"];

    [Theory]
    [MemberData(nameof(Left))]
    public async Task An_id_that_the_directory_lost_shows_its_next_owner_nothing_of_the_earlier_stream(string left)
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await LeaveAsync(log, left);
        var old = await HeadAsync(log, Id);
        await using var node = await TestNode.StartAsync(log);
        Assert.Null(await node.Node.OpenAsync(Id));

        var created = (await node.Node.Changes.CreateAsync(Id, "bob", Settings)).Stream!;
        Assert.Equal(("bob", "One", StreamStatus.Created), created.Read(state => (state.Owner, state.Settings.Title, state.Status)));
        Assert.Empty(created.Read(state => state.Comments(null, 10, null))!);
        Assert.Same(created, await node.Node.OpenAsync(Id));
        Assert.NotEqual(old.Epoch, (await HeadAsync(log, Id)).Epoch);
        Assert.Equal(1, (await HeadAsync(log, Id)).Offset);
        Assert.Null(await log.GetSnapshotAsync(Id));
    }

    [Fact]
    public async Task A_creation_over_an_earlier_stream_that_a_crash_cuts_anywhere_never_shows_that_one()
    {
        for (var writes = 1; ; writes++)
        {
            await using var log = new MemoryLog(TimeProvider.System);
            await LeaveAsync(log, "a stream");
            var cut = new CutLog(log);
            await using var killed = await TestNode.StartAsync(cut);
            cut.CutAfter(writes);
            var calling = killed.Node.Changes.CreateAsync(Id, "bob", Settings);
            await Task.WhenAny(cut.Cut, calling).WaitAsync(Patience);

            await using var next = await TestNode.StartAsync(log);
            var stream = (await next.Node.OpenAsync(Id))!;
            Assert.Equal(("bob", "One", 7), stream.Read(state => (state.Owner, state.Settings.Title, state.Settings.SlowModeSeconds)));
            Assert.Empty(stream.Read(state => state.Comments(null, 10, null))!);
            if (cut.Cut.IsCompleted) continue;
            Assert.Equal(ChangeOutcome.Done, (await calling).Outcome);
            Assert.True(writes > 3, "It is listed, erased, created and finished.");
            return;
        }
    }

    [Fact]
    public async Task What_changes_nothing_is_not_written()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        await node.GoLiveAsync(Id, Settings);
        var row = node.Node.Directory.Find(Id)!;
        var (stream, directory) = (await HeadAsync(log, Id), await HeadAsync(log, StreamIds.Directory));

        Assert.Equal(ChangeOutcome.Done, (await node.Node.Changes.SetStatusAsync(row, StreamStatus.Live)).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await node.Node.Changes.ConfigureAsync(row, new SettingsPatch())).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await node.Node.Changes.ConfigureAsync(row, Settings with { Reactions = ["wow"] })).Outcome);

        Assert.Equal((stream, directory), (await HeadAsync(log, Id), await HeadAsync(log, StreamIds.Directory)));
    }

    [Fact]
    public async Task One_of_many_creators_owns_the_stream_and_the_others_are_told_so()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async user =>
            (User: $"u{user}", (await node.Node.Changes.CreateAsync(Id, $"u{user}", new SettingsPatch(Title: $"of u{user}"))).Outcome)));
        var (owner, _) = Assert.Single(outcomes, outcome => outcome.Outcome == ChangeOutcome.Done);
        Assert.Equal(19, outcomes.Count(outcome => outcome.Outcome == ChangeOutcome.Exists));
        Assert.Equal((owner, $"of {owner}"), (node.Node.Directory.Find(Id)!.Owner, node.Node.Directory.Find(Id)!.Title));
        Assert.Equal((owner, $"of {owner}"), (await node.Node.OpenAsync(Id))!.Read(state => (state.Owner, state.Settings.Title)));
    }

    [Fact]
    public async Task A_row_of_an_earlier_life_changes_nothing()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        await node.GoLiveAsync(Id);
        var old = node.Node.Directory.Find(Id)!;
        await node.DeleteAsync(Id);
        await node.GoLiveAsync(Id);

        Assert.Equal(ChangeOutcome.NotThere, (await node.Node.Changes.SetStatusAsync(old, StreamStatus.Ended)).Outcome);
        Assert.Equal(ChangeOutcome.NotThere, (await node.Node.Changes.ConfigureAsync(old, Settings)).Outcome);
        Assert.Equal(ChangeOutcome.NotThere, (await node.Node.Changes.DeleteAsync(old)).Outcome);
        Assert.Equal(("", StreamStatus.Live), await ShownAsync(node.Node));
    }

    [Fact]
    public async Task A_row_that_does_not_show_what_its_open_stream_shows_is_corrected()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync(Id);

        // As if another node had ended the stream and could not tell the directory.
        await stream.SubmitAsync(new StatusSet(StreamStatus.Ended));
        Assert.Equal(StreamStatus.Live, node.Node.Directory.Find(Id)!.Status);

        using var late = new CancellationTokenSource(Patience);
        while (node.Node.Directory.Find(Id)!.Status != StreamStatus.Ended) await Task.Delay(20, late.Token);
    }

    [Fact]
    public async Task Changes_at_the_same_time_share_entries_of_the_directory()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        var held = new CutLog(log);
        await using var node = await TestNode.StartAsync(held);
        TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        held.Released = released.Task;
        Task<Change>[] changes = [.. Enumerable.Range(0, 300).Select(i => node.Node.Changes.CreateAsync($"s{i}", "ada", Settings))];
        released.SetResult();
        Assert.All(await Task.WhenAll(changes), change => Assert.Equal(ChangeOutcome.Done, change.Outcome));

        // 300 beginnings: the first, and the others by the hundred.
        Assert.InRange((await HeadAsync(log, StreamIds.Directory)).Offset, 1, 4 + 300);
    }

    [Fact]
    public async Task A_directory_of_an_earlier_version_is_read()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        BatchItem[] written =
        [
            new StreamListed("a", "ada", "One", StreamStatus.Created, 1, 5), new StreamListed("a", "ada", "Two", StreamStatus.Live, 1, 5),
            new StreamListed("a", "bob", "Bob's", StreamStatus.Ended, 2, 6),
            new StreamListed("b", "ada", "", StreamStatus.Created, 3, 7, "store"), new StreamUnlisted("b"),
        ];
        await log.AppendAsync(StreamIds.Directory, new AppendRequest("p", 0, 1, BatchCodec.Encode(new Batch(1, written))));
        await using var node = await TestNode.StartAsync(log);
        Assert.Equal([new DirectoryRow("a", "ada", "Two", StreamStatus.Live, 1, 5)], node.Node.Directory.Page(null, "", "", 10));
    }

    [Fact]
    public async Task A_snapshot_of_the_directory_keeps_what_was_begun()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        BatchItem[] written =
        [
            new StreamListed("a", "ada", "One", StreamStatus.Created, 1, 5), new StreamChanging("a", 1, "c1", Settings), new StreamChanging("a", 1, "c2"),
            new StreamListed("b", "ada", "", StreamStatus.Live, 2, 6, "store"), new StreamDeleting("b", 2, "c3"),
        ];
        await using var one = new StreamDirectory(log, TimeProvider.System, NullLogger<StreamDirectory>.Instance);
        await using var other = new StreamDirectory(log, TimeProvider.System, NullLogger<StreamDirectory>.Instance);
        await Task.WhenAll(one.OpenAsync(), other.OpenAsync());
        ((ISystemFold)one).Restart([new Batch(1, written)]);
        ((ISystemFold)other).Restart([((ISystemFold)one).Save()]);

        foreach (var directory in new[] { one, other })
        {
            Assert.Equal("a", Assert.Single(directory.Page(null, "", "", 10)).Id);
            Assert.Equal("store", directory.StoreOf("b"));
            Assert.Equal(["c1", "c2", "c3"], directory.Unfinished(TimeSpan.Zero).Select(change => change.Name).Order());
            Assert.Same(Settings.Reactions, directory.ChangesOf("a", 1).Single(change => change.Name == "c1").Creation!.Reactions);
        }
    }

    private static async Task LeaveAsync(MemoryLog log, string left)
    {
        var comment = TestNode.Say("of the earlier stream");
        BatchItem[] items = left == "entries without a creation" ? [comment]
            : [new Configured("ada", 5, new SettingsPatch(Title: "Earlier")), new StatusSet(StreamStatus.Live), comment];
        var batch = BatchCodec.Encode(new Batch(1, items));
        var taken = await log.AppendAsync(Id, new AppendRequest("p", 0, 1, batch));
        if (left != "a stream with a snapshot") return;
        var state = new StreamState(Id, "here");
        state.Apply(new Entry(taken.Position, taken.AtMs, "p", 1, batch), BatchCodec.Decode(batch));
        Assert.True(await log.PutSnapshotAsync(Id, new LogSnapshot(taken.Position, taken.AtMs, state.Save())));
    }

    private static async Task PrepareAsync(Node node, string call)
    {
        if (call == "create") return;
        await node.Changes.CreateAsync(Id, "ada", new SettingsPatch(Title: "Before"));
        if (call is "end" or "delete") await node.Changes.SetStatusAsync(node.Directory.Find(Id)!, StreamStatus.Live);
    }

    private static Task<Change> CallAsync(Node node, string call) => call switch
    {
        "create" => node.Changes.CreateAsync(Id, "ada", Settings),
        "retitle" => node.Changes.ConfigureAsync(node.Directory.Find(Id)!, new SettingsPatch(Title: "After")),
        "start" => node.Changes.SetStatusAsync(node.Directory.Find(Id)!, StreamStatus.Live),
        "end" => node.Changes.SetStatusAsync(node.Directory.Find(Id)!, StreamStatus.Ended),
        _ => node.Changes.DeleteAsync(node.Directory.Find(Id)!),
    };

    private static async Task<(string Title, StreamStatus Status)?> ShownAsync(Node node) =>
        (await node.OpenAsync(Id))?.Read(state => (state.Settings.Title, state.Status));

    private static async Task<Position> HeadAsync(MemoryLog log, string stream) => (await log.ReadAsync(stream, Position.Start, 0)).Head;
}
