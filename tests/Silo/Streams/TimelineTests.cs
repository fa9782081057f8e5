using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Views;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

public sealed class TimelineTests
{
    private const long DayMs = 86_400_000;
    private const long TenYearsMs = 3650 * DayMs;

    [Fact]
    public void Viewers_are_carried_through_seconds_in_which_nothing_happened()
    {
        var story = Story.Live();
        var start = story.NowMs;
        story.NowMs = start + 1000;
        story.Tell("n1", new ViewersCounted(10), new Taps("like", 4));
        story.NowMs = start + 11_000;
        story.Tell("n1", new Taps("like", 5), new ViewersCounted(4));
        story.Send("bob", new Comment("x", null));
        story.NowMs = start + 19_000;
        story.Tell(new FrontendGone("n9"));
        var steps = story.State.FreezeTimeline().Sum(10).Steps;
        Assert.Equal([start, start + 10_000, start + 20_000], steps.Select(step => step.AtMs));
        Assert.Equal([4, 5, 0], steps.Select(step => step.Reactions.Sum(kind => kind.Count)));
        Assert.Equal([0L, 1, 0], steps.Select(step => step.Comments));
        Assert.Equal([8.0, 5.2, 4], steps.Select(step => step.ViewersMean));
        Assert.Equal([10, 10, 4], steps.Select(step => step.ViewersPeak));
    }

    [Fact]
    public void A_long_course_stays_bounded_and_loses_no_counts()
    {
        var timeline = new TimelineStore();
        timeline.Start(Story.StartMs);
        for (var i = 0; i < 400_000; i++) timeline.React(Story.StartMs + (i * 1000L), "like", 1);
        Assert.InRange(timeline.Freeze().Length, 3600, 3601 + TimelineStore.MaxCoarse);
        Assert.Equal(400_000, timeline.Freeze().Sum(bucket => bucket.Reactions.Sum(kind => kind.Count)));
    }

    [Fact]
    public void It_ends_where_the_stream_does_whoever_looks_at_it_later()
    {
        var story = Story.Live();
        story.Tell("n1", new Taps("like", 3));
        story.Tell(new StatusSet(StreamStatus.Ended));
        var (end, saved) = (story.NowMs, story.State.Save().Length);
        var whole = Shown(story.State.FreezeTimeline().Sum(1));
        for (var year = 1; year <= 5; year++)
        {
            story.NowMs += 365 * DayMs;
            story.Tell("n1", new ViewersCounted(year));
            story.Tell("n1", new ViewersCounted(0));
        }

        Assert.Equal(whole, Shown(story.State.FreezeTimeline().Sum(1)));
        Assert.All(story.State.FreezeTimeline().Sum(1).Steps, step => Assert.InRange(step.AtMs, Story.StartMs, end));
        Assert.Empty(story.State.FreezeTimeline().Sum(1, end).Steps);
        Assert.InRange(story.State.Save().Length, 0, saved + 16);
    }

    [Fact]
    public void A_month_is_answered_in_500_steps_at_most_and_the_step_is_said()
    {
        var story = Story.Live();
        story.Tell("n1", new ViewersCounted(7));
        for (var i = 0; i < 30 * 24; i++)
        {
            story.NowMs += 3_600_000;
            story.Tell(new Taps("like", 2));
        }

        var timeline = story.State.FreezeTimeline().Sum(1);
        Assert.InRange(timeline.Steps.Count, 400, FrozenTimeline.MostSteps);
        Assert.InRange(timeline.StepSeconds, 30 * 86_400 / 500, 6000);
        Assert.Equal(2 * 30 * 24, Likes(timeline));
        Assert.All(timeline.Steps.Zip(timeline.Steps.Skip(1)), pair => Assert.Equal(timeline.StepSeconds * 1000L, pair.Second.AtMs - pair.First.AtMs));
        Assert.All(timeline.Steps.Skip(1), step => Assert.Equal((7, 7.0), (step.ViewersPeak, step.ViewersMean)));
        Assert.Equal(0, story.State.FreezeTimeline().Sum(60).StepSeconds % 60);
    }

    [Fact]
    public void Steps_in_which_nothing_happened_and_nobody_watched_are_left_out()
    {
        var story = Story.Live();
        story.Tell(new Taps("like", 1));
        story.NowMs += 600_000;
        story.Tell(new Taps("like", 1));
        var timeline = story.State.FreezeTimeline().Sum(10);
        Assert.Equal((10, 2), (timeline.StepSeconds, timeline.Steps.Count));
    }

    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(7, 61_000)]
    [InlineData(3, 12_345)]
    [InlineData(60, 7_200_000)]
    public void Parts_that_follow_each_other_add_up_to_the_whole(int step, long partMs)
    {
        var story = Story.Live();
        var start = story.NowMs;
        for (var i = 0; i < 300; i++)
        {
            story.NowMs += i % 50 == 0 ? 900_000 : 2_500;
            story.Tell("n1", new Taps("like", i), new ViewersCounted(i % 3));
        }

        var frozen = story.State.FreezeTimeline();
        var total = 0L;
        for (var from = start; from <= story.NowMs; from += partMs)
        {
            var part = frozen.Sum(step, from, from + partMs);
            Assert.InRange(part.Steps.Count, 0, FrozenTimeline.MostSteps);
            Assert.All(part.Steps, at => Assert.InRange(at.AtMs, from - 999, from + partMs));
            total += Likes(part);
        }

        Assert.Equal(300 * 299 / 2, total);
        Assert.Equal(total, Likes(frozen.Sum(step)));
        Assert.Equal(total, Likes(frozen.Sum(step, 0, long.MaxValue)));
        Assert.Empty(frozen.Sum(step, long.MaxValue).Steps);
        Assert.Empty(frozen.Sum(step, start + 5_000, start).Steps);
    }

    [Fact]
    public void A_clock_that_was_ten_years_ahead_once_costs_nothing()
    {
        var story = Story.Live();
        story.Tell("n1", new Taps("like", 1), new ViewersCounted(2));
        var saved = story.State.Save().Length;
        story.NowMs += TenYearsMs;
        story.Tell(new Taps("like", 1));
        story.NowMs -= TenYearsMs;
        story.Tell(new Taps("like", 1));

        Assert.InRange(story.State.Save().Length, saved, saved + 200);
        var loaded = StreamState.Load(story.State.Save());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var timeline = loaded.FreezeTimeline().Sum(1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
        Assert.InRange(timeline.Steps.Count, 2, FrozenTimeline.MostSteps);
        Assert.Equal(3, Likes(timeline));
        var after = loaded.FreezeTimeline().Sum(1, timeline.Steps[^1].AtMs);
        Assert.Equal(2, Likes(after));
    }

    [Fact]
    public void Under_a_clock_that_was_set_right_the_course_is_shown_as_if_it_had_been_right()
    {
        var story = Story.Live();
        var start = story.NowMs;
        for (var i = 0; i < 10; i++) story.Tell("n1", new Taps("like", 1), new ViewersCounted(1 + (i % 2)));
        story.NowMs += TenYearsMs;
        for (var i = 0; i < 10; i++) story.Tell(new Taps("like", 1));
        story.Tell(new StatusSet(StreamStatus.Ended));
        story.State.Shown = story.View.Shown = new ShownTime(story.NowMs - TenYearsMs + 60_000, -TenYearsMs);

        var timeline = story.State.FreezeTimeline().Sum(1);
        var ended = story.Snapshot(null).EndedAtMs;
        Assert.Equal(start + 21_000, ended);
        Assert.Equal((10, 20), (timeline.StepSeconds, Likes(timeline))); // what lies an hour back is kept by 10 s
        Assert.InRange(timeline.Steps.Count, 3, 4);
        Assert.All(timeline.Steps, step => Assert.InRange(step.AtMs, start, ended));
        Assert.Equal(20, Likes(story.State.FreezeTimeline().Sum(1, start, ended)));
        Assert.Equal(10, Likes(story.State.FreezeTimeline().Sum(1, start + 11_000, ended)));
    }

    [Fact]
    public void What_was_frozen_is_not_changed_by_what_happens_then()
    {
        var story = Story.Live();
        story.Tell("n1", new Taps("like", 1), new ViewersCounted(3));
        var frozen = story.State.FreezeTimeline();
        var seen = Shown(frozen.Sum(1));
        story.NowMs -= 1000;
        story.Tell("n1", new Taps("like", 5), new Taps("like", 5), new ViewersCounted(9));
        story.NowMs += 2 * DayMs;
        story.Tell(new Taps("like", 5));
        Assert.Equal(seen, Shown(frozen.Sum(1)));
    }

    private static long Likes(Timeline timeline) => timeline.Steps.Sum(step => step.Reactions.Sum(kind => kind.Count));

    private static string Shown(Timeline timeline) =>
        $"{timeline.StepSeconds} " + string.Join(' ', timeline.Steps.Select(step => $"{step.AtMs} {string.Join(',', step.Reactions)} {step.Comments} {step.ViewersMean} {step.ViewersPeak}"));
}
