using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Silo.Directories;
using Xunit;

namespace Interactions.Tests.Silo.Directories;

public sealed class DirectoryStateTests
{
    private readonly DirectoryState _state = new();

    [Fact]
    public void The_first_to_create_an_id_has_it()
    {
        Assert.True(Take(Create("a", 1)));
        Assert.False(Take(Create("a", 2)));
        Assert.Equal(1UL, _state.Find("a")!.Creation);
    }

    [Fact]
    public void The_same_creation_again_changes_nothing_and_stands()
    {
        var creation = Create("a", 1);
        Assert.Equal(Verdict.Take, _state.Judge(creation));
        _state.Apply(creation, 0);
        Assert.Equal(Verdict.Done, _state.Judge(creation));
        Finish("a", 1, creation.Intent.Name, "A", StreamStatus.Live);
        Assert.Equal(Verdict.Done, _state.Judge(creation));
        Assert.Empty(_state.Intents);
    }

    [Fact]
    public void Only_the_stream_of_that_creation_is_changed()
    {
        Take(Create("a", 1));
        Assert.False(Take(Begin("a", 2, DirectoryIntentKind.Change)));
        Assert.False(Take(Begin("a", 2, DirectoryIntentKind.Delete)));
        Assert.False(Take(Begin("b", 1, DirectoryIntentKind.Change)));
        Finish("a", 2, null, "other", StreamStatus.Ended);
        Assert.Equal(("", StreamStatus.Created), (_state.Find("a")!.Title, _state.Find("a")!.Status));
    }

    [Fact]
    public void The_first_deletion_stands_and_its_stream_is_listed_no_more()
    {
        Take(Create("a", 1));
        var deletion = Begin("a", 1, DirectoryIntentKind.Delete);
        Assert.True(Take(deletion));
        Assert.True(Take(deletion));
        Assert.False(Take(Begin("a", 1, DirectoryIntentKind.Delete)));
        Assert.True(_state.Find("a")!.IsDeleting);
        Assert.Empty(_state.Rows.Page(null, "", "", 10));
        Assert.Empty(_state.Rows.OwnedBy("ada"));
    }

    [Fact]
    public void An_id_is_free_when_its_log_is_erased_and_not_before()
    {
        Take(Create("a", 1));
        Take(Begin("a", 1, DirectoryIntentKind.Delete));
        Assert.False(Take(Create("a", 2)));
        _state.Apply(new StreamErased("a", 1), 0);
        Assert.Empty(_state.Intents);
        Assert.True(Take(Create("a", 2)));
    }

    [Fact]
    public void A_deleted_creation_does_not_come_back_for_30_days()
    {
        Take(Create("a", 1));
        _state.Apply(new StreamErased("a", 1), 1000);
        Assert.False(Take(Create("a", 1)));
        Take(Create("b", 2));
        _state.Apply(new StreamErased("b", 2), 1001 + Tombstone.KeepMs);
        Assert.True(Take(Create("a", 1)));
        Assert.Equal("b", Assert.Single(_state.Tombstones).Id);
    }

    [Fact]
    public void A_status_never_goes_back_in_the_list()
    {
        Take(Create("a", 1));
        Finish("a", 1, null, "A", StreamStatus.Ended);
        Finish("a", 1, null, "B", StreamStatus.Live);
        Assert.Equal(("B", StreamStatus.Ended), (_state.Find("a")!.Title, _state.Find("a")!.Status));
    }

    [Fact]
    public void What_the_list_shows_already_is_not_stored_again()
    {
        Take(Create("a", 1));
        Finish("a", 1, _state.Intents.Single().Name, "A", StreamStatus.Live);
        Assert.Equal(Verdict.Done, _state.Judge(new RowShown("a", 1, "unknown", "A", StreamStatus.Live)));
        Assert.Equal(Verdict.Done, _state.Judge(new StreamErased("b", 1)));
        Assert.Equal(Verdict.Done, _state.Judge(new CreationCancelled("a", 1, "unknown")));
    }

    [Fact]
    public void An_intent_names_the_row_that_the_directory_has()
    {
        Take(Create("a", 1, store: "one"));
        Take(Begin("a", 1, DirectoryIntentKind.Delete));
        var deletion = _state.Intents.Single(intent => intent.Kind == DirectoryIntentKind.Delete);
        Assert.Equal(("one", 5L, true), (deletion.Row.Store, deletion.Row.CreatedAtMs, deletion.Row.IsDeleting));
    }

    [Fact]
    public void A_creation_that_is_given_up_leaves_nothing()
    {
        var creation = Create("a", 1);
        Take(creation);
        _state.Apply(new CreationCancelled("a", 1, creation.Intent.Name), 0);
        Assert.Null(_state.Find("a"));
        Assert.Empty(_state.Intents);
        Assert.True(Take(Create("a", 1)));
    }

    [Fact]
    public void A_deletion_is_not_finished_by_a_change_that_comes_late()
    {
        Take(Create("a", 1));
        var deletion = Begin("a", 1, DirectoryIntentKind.Delete);
        Take(deletion);
        Finish("a", 1, deletion.Intent.Name, "A", StreamStatus.Live);
        Assert.Contains(_state.Intents, intent => intent.Name == deletion.Intent.Name);
        Assert.True(_state.Find("a")!.IsDeleting);
    }

    private static IntentBegun Create(string id, ulong creation, string? store = null) =>
        new(new DirectoryIntent(Epochs.New(), DirectoryIntentKind.Create, new DirectoryRow(id, "ada", "", StreamStatus.Created, creation, 5, store), new SettingsPatch(Title: id)));

    private static IntentBegun Begin(string id, ulong creation, DirectoryIntentKind kind) =>
        new(new DirectoryIntent(Epochs.New(), kind, new DirectoryRow(id, "ada", "", StreamStatus.Created, creation, 0)));

    private void Finish(string id, ulong creation, string? intent, string title, StreamStatus status) =>
        _state.Apply(new RowShown(id, creation, intent, title, status), 0);

    private bool Take(IntentBegun item)
    {
        var verdict = _state.Judge(item);
        if (verdict == Verdict.Take) _state.Apply(item, 0);
        return verdict != Verdict.Refuse;
    }
}
