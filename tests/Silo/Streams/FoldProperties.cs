using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Views;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

public sealed class FoldProperties
{
    [Fact]
    public void The_same_entries_give_the_same_state_results_and_bytes() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers);
        var again = new StreamState("match-7", "eu");
        foreach (var (entry, _) in story.Log) again.Apply(entry, EntryCodec.Decode(entry.Body));
        Assert.Equal(story.State.Save(), again.Save());
        Assert.Equal(Seen(story.State), Seen(again));
    });

    [Fact]
    public void The_effects_of_each_entry_make_of_an_empty_view_what_the_fold_shows() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers);
        Assert.Equal(Seen(story.State, story.State.ToView()), Seen(story.State, story.View));
    });

    [Fact]
    public void A_saved_fold_and_the_rest_of_the_log_give_what_the_whole_log_gives() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers);
        var whole = story.State.Save();
        var folded = new StreamState("match-7", "eu");
        var stride = Math.Max(1, story.Log.Count / 12);
        for (var split = 0; split <= story.Log.Count; split++)
        {
            if (split > 0) folded.Apply(story.Log[split - 1].Entry, story.Log[split - 1].Body);
            if (split % stride != 0 && split != story.Log.Count) continue;
            var loaded = StreamState.Load(folded.Save());
            Assert.Equal(Seen(folded), Seen(loaded));
            foreach (var (entry, body) in story.Log.Skip(split)) loaded.Apply(entry, body);
            Assert.Equal(whole, loaded.Save());
            Assert.Equal(Seen(story.State), Seen(loaded));
        }
    });

    [Fact]
    public void What_a_check_refuses_is_what_the_fold_refuses() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers);
        var fold = new StreamState("match-7", "eu");
        foreach (var (entry, body) in story.Log)
        {
            var (batch, expected) = (body.Batches[0], default((bool Asked, ItemResult? Answer)));
            var isNew = fold.Recall(batch.Frontend, batch.Sequence, entry.AtMs) is null;
            if (isNew && batch.Items[0] is Submitted item) expected = (true, fold.Check(item, entry.AtMs, RuleBook.First));
            var result = fold.Apply(entry, body).Answers[0].Results.FirstOrDefault();
            if (expected.Answer is { } answer) Assert.Equal(answer, result);
            else if (expected.Asked) Assert.Equal(ItemResult.Accepted(entry.Position, 0), result);
        }
    });

    [Fact]
    public void Sifted_entries_are_answered_and_shown_as_if_they_had_not_been_sifted() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers);
        var (plain, sifted) = (new StreamState("match-7", "eu"), new SiftedFold());
        foreach (var (entry, body) in story.Log)
        {
            var answers = sifted.Apply(entry, body);
            var expected = plain.Apply(entry, body).Answers;
            for (var i = 0; i < answers.Length; i++)
            {
                if (answers[i] is { } answer) Assert.Equal(Text(expected[i], body.Batches[i]), Text(answer, body.Batches[i]));
            }
        }

        Assert.Equal(Seen(plain), Seen(sifted.State));
    });

    [Fact]
    public void Frames_from_any_cursors_add_up_to_what_a_snapshot_says() => Check(numbers =>
    {
        var story = RandomStory.Live();
        var viewers = Enumerable.Range(0, 4).Select(i => new Viewer(i == 3 ? "bob" : null, story)).ToArray();
        var dice = new Random(numbers.Length);
        foreach (var number in numbers)
        {
            RandomStory.Tell(story, number);
            foreach (var viewer in viewers)
            {
                if (dice.Next(6) == 0) viewer.CatchUp();
            }
        }

        foreach (var viewer in viewers)
        {
            viewer.CatchUp();
            viewer.AgreesWith(story.Snapshot(viewer.User));
        }
    });

    [Fact]
    public void Totals_viewers_and_votes_are_those_of_a_naive_count() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers);
        var naive = new NaiveCount();
        var fold = new StreamState("match-7", "eu");
        foreach (var (entry, body) in story.Log) naive.Add(body, fold.Apply(entry, body));
        var snapshot = story.Snapshot(null);
        foreach (var (kind, count) in snapshot.Totals!) Assert.Equal(naive.Total(kind), count);
        Assert.Equal(naive.Viewers, snapshot.Viewers);
        foreach (var poll in snapshot.Polls!) Assert.Equal(naive.Votes(poll), poll.Votes);
        var timeline = story.State.FreezeTimeline().Sum(7);
        Assert.Equal(snapshot.Totals.Sum(total => total.Count), timeline.Steps.Sum(step => step.Reactions.Sum(kind => kind.Count)));
    });

    [Fact]
    public void Merge_is_commutative_associative_and_idempotent_and_so_is_what_viewers_see() => Check(numbers =>
    {
        var (third, half) = (numbers.Length / 3, numbers.Length / 2);
        var a = Sets(RandomStory.Of(numbers[..third], "asia", "aaa"), RandomStory.Of(numbers[third..], "eu", "eee"));
        var b = Sets(RandomStory.Of(numbers[half..], "us", "uuu"), RandomStory.Of(numbers, "eu2", "fff"));
        var c = Sets(RandomStory.Of([.. numbers[..third], .. numbers[half..]], "asia", "aaa"), RandomStory.Of(numbers[third..half], "eu", "eee"));
        Assert.Equal(Bytes(Merge.Parts(a, b)), Bytes(Merge.Parts(b, a)));
        Assert.Equal(Bytes(Merge.Parts(a, c)), Bytes(Merge.Parts(c, a)));
        Assert.Equal(Bytes(Merge.Parts(Merge.Parts(a, b), c)), Bytes(Merge.Parts(a, Merge.Parts(b, c))));
        Assert.Equal(Bytes(a), Bytes(Merge.Parts(a, a)));
        var forth = Seen(new MergedView(Merge.Parts(Merge.Parts(a, b), c).Values));
        var back = Seen(new MergedView(Merge.Parts(c, Merge.Parts(b, a)).Values));
        Assert.Equal(forth, back);
    });

    [Fact]
    public void What_is_kept_counted_over_regions_is_what_counting_anew_gives() => Check(numbers =>
    {
        // Peers' parts first, then the own region goes on: every change is made beside other regions' decisions.
        var story = RandomStory.Of(numbers[..(numbers.Length / 2)]);
        story.Adopt(Sets(RandomStory.Of(numbers, "us", "uuu"), RandomStory.Of(numbers[(numbers.Length / 3)..], "asia", "aaa")));
        var before = story.Snapshot(null).Totals!.ToDictionary(total => total.Kind, total => total.Count);
        var offset = story.State.Position.Offset;
        foreach (var number in numbers.Reverse()) RandomStory.Tell(story, number);
        var loaded = StreamState.Load(story.State.Save());
        Assert.Equal(Seen(loaded), Seen(story.State));
        if (!story.Ring.Covers(new Position("k3f", offset))) return;
        foreach (var (kind, count) in story.Sum(offset, null, 50).Delta ?? [])
        {
            Assert.Equal(story.Total(kind), before.GetValueOrDefault(kind) + count);
        }
    });

    private static void Check(Action<int[]> rule) => FsCheck.Check.One(RandomStory.Config, Prop.ForAll(RandomStory.Numbers, rule));

    // What is not sent by a user has no id that counts.
    private static string Text(BatchAnswer answer, Batch batch) => $"{answer.Outcome} " + string.Join(' ', answer.Results.Select((result, i) =>
        answer.Results.Length == batch.Items.Count && batch.Items[i] is not (Submitted or Taps) ? $"{result.Code}" : $"{result}"));

    private static Dictionary<string, Part> Sets(params Story[] stories) =>
        stories.SelectMany(story => story.State.Parts).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static string Bytes(IReadOnlyDictionary<string, Part> parts)
    {
        var text = new StringBuilder();
        foreach (var (_, part) in parts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var writer = new Interactions.Contracts.Binary.ByteWriter();
            part.Write(writer);
            text.AppendLine(Convert.ToHexString(writer.ToArray()));
        }

        return text.ToString();
    }

    private static string Seen(StreamState state) => Seen(state, state.ToView());

    private static string Seen(StreamState state, StreamView view)
    {
        var text = new StringBuilder();
        foreach (var viewer in new[] { null, "bob", "eve" }) text.AppendLine(Encoding.UTF8.GetString(FrameJson.Encode(view.Snapshot(viewer), 0)));
        foreach (var user in new[] { "ada", "bob", "eve" })
        {
            var me = state.Me(user, 0);
            text.AppendLine($"{string.Join(' ', me.Reactions)} {string.Join(' ', me.Votes)} {me.Ban} {me.SlowModeWaitMs} {view.IsPersonal(user)}");
        }

        text.AppendLine(string.Join(' ', state.Bans(null, 100, 0)));
        foreach (var step in state.FreezeTimeline().Sum(3600).Steps) text.AppendLine($"{step} {string.Join(' ', step.Reactions)}");
        return text.ToString();
    }

    private static string Seen(MergedView view) => string.Join('\n',
        string.Join(' ', view.Kinds().Select(kind => $"{kind}={view.Total(kind)}")),
        view.Status, view.Settings.Tap, view.Creation, view.Viewers, view.Pinned()?.Id,
        string.Join(' ', view.Polls().Select(poll => $"{poll.Key} {string.Join(',', poll.Votes)} {poll.IsClosed}")),
        string.Join(' ', Enumerable.Range(0, view.Comments.Count).Select(i => $"{view.Comments[i].Id}/{view.IsDeleted(view.Comments[i].Id)}")),
        string.Join(' ', view.Roster()), string.Join(' ', view.Cues().Select(cue => cue.AtMs)), view.BanOf(view.HashOf("bob")));
}
