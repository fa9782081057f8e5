using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;
using Interactions.Silo.Grains;
using Interactions.Silo.Logs.Memory;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Interactions.Tests.Silo.Grains;

public sealed class LiveStreamTests
{
    private static ScriptedLog NewLog() => new(new MemoryLog());

    [Fact]
    public async Task What_is_accepted_is_in_the_log_and_in_the_fold()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);

        var answer = await stream.SendAsync("f-1", 1, new Taps("like", 3), Activation.Comment("u1", "hello"));

        Assert.Equal([Code.Accepted, Code.Accepted], answer.Results.Select(result => result.Code));
        Assert.Equal(3, await stream.TotalAsync());
        Assert.Equal(answer.Results[0].Position, (await log.ReadAsync("match-7", Position.Start, 100)).Head.Position);
    }

    [Fact]
    public async Task Batches_that_arrive_during_an_append_become_one_entry()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        log.Before = _ =>
        {
            arrived.TrySetResult();
            return release.Task;
        };
        var first = stream.SendAsync("f-1", 1, new Taps("like", 1));
        await arrived.Task;
        log.Before = static _ => Task.CompletedTask;
        var later = Enumerable.Range(2, 5).Select(i => stream.SendAsync($"f-{i}", 1, new Taps("like", 1))).ToArray();
        await stream.InTurnAsync(_ => Task.FromResult(true)); // their turns are over
        release.SetResult();

        await first;
        var positions = (await Task.WhenAll(later)).Select(answer => answer.Results[0].Position).Distinct();
        Assert.Single(positions);
        Assert.Equal(6, await stream.TotalAsync());
    }

    [Fact]
    public async Task Who_sends_over_two_frontends_has_the_rate_of_one_and_the_rest_is_not_stored()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log, userRate: new UserRate(0.01, 2)); // another one after 100 s

        var one = await stream.SendAsync("f-1", 1, Activation.Comment("u1", "1"), Activation.Comment("u1", "2"));
        var other = await stream.SendAsync("f-2", 1, Activation.Comment("u1", "beyond"), Activation.Comment("u2", "4"));

        Assert.All(one.Results, result => Assert.Equal(Code.Accepted, result.Code));
        Assert.Equal([Code.RateLimited, Code.Accepted], other.Results.Select(result => result.Code));
        Assert.InRange(other.Results[0].RetryAfterMs, 1, 100_000);
        var last = (await log.ReadAsync("match-7", Position.Start, 100)).Entries[^1];
        Assert.Equal(Code.RateLimited, Assert.IsType<Rejected>(EntryCodec.Decode(last.Body).Batches[0].Items[0]).Code);
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_is_answered_as_the_first_time_and_counts_once_also_by_another_activation()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        var first = await stream.SendAsync("f-1", 1, new Taps("like", 1), new Taps("none", 1));
        var again = await stream.SendAsync("f-1", 1, new Taps("like", 1), new Taps("none", 1));
        using var other = await Activation.LoadAsync(log);
        var elsewhere = await other.SendAsync("f-1", 1, new Taps("like", 1), new Taps("none", 1));

        Assert.Equal(first.Results, again.Results);
        Assert.Equal(first.Results, elsewhere.Results);
        Assert.Equal(1, await other.TotalAsync());
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_is_repeated_and_counts_once()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        log.After = _ =>
        {
            log.After = static _ => Task.CompletedTask;
            throw new LogUnavailableException("The answer is lost.");
        };

        var answer = await stream.SendAsync("f-1", 1, new Taps("like", 1));

        Assert.True(answer.Results[0].IsAccepted);
        Assert.Equal(1, await stream.TotalAsync());
        using var other = await Activation.LoadAsync(log);
        Assert.Equal(1, await other.TotalAsync());
    }

    [Fact]
    public async Task An_activation_that_is_overtaken_answers_nothing_more_and_pushes_nothing()
    {
        await using var log = NewLog();
        using var old = await Activation.LiveAsync(log);
        var observer = new TestObserver();
        await old.InTurnAsync(stream => stream.SubscribeAsync(new SubscribeRequest("f-1", observer, Position.Start), "silo-1"));
        using var next = await Activation.LoadAsync(log);
        await next.SendAsync("f-2", 1, new Taps("like", 1));

        var answer = await old.SendAsync("f-1", 1, new Taps("like", 1));

        Assert.Equal(Code.Unavailable, answer.Code);
        Assert.True(old.IsLost);
        Assert.Empty(observer.Pushes);
        Assert.Equal(FeedEndReason.Moved, observer.End?.Reason);
        Assert.True((await next.SendAsync("f-1", 1, new Taps("like", 1))).Results[0].IsAccepted);
        Assert.Equal(2, await next.TotalAsync());
    }

    [Fact]
    public async Task A_full_log_takes_nothing_and_the_stream_goes_on_when_there_is_room()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        log.Before = _ => throw new LogFullException("No room.");
        Assert.Equal(Code.Full, (await stream.SendAsync("f-1", 1, new Taps("like", 1))).Code);
        log.Before = static _ => Task.CompletedTask;

        Assert.True((await stream.SendAsync("f-1", 2, new Taps("like", 1))).Results[0].IsAccepted);
        Assert.Equal(1, await stream.TotalAsync());
    }

    [Fact]
    public async Task What_is_refused_is_not_stored()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        var before = log.Appends;

        var answer = await stream.SendAsync("f-1", 1, Activation.Comment("u1", ""), new Taps("none", 5));

        Assert.Equal([Code.Empty, Code.UnknownKind], answer.Results.Select(result => result.Code));
        Assert.Equal(before, log.Appends);
    }

    [Fact]
    public async Task A_batch_for_another_creation_of_the_id_is_refused()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);

        var answer = await stream.InTurnAsync(live => live.SendAsync(new SendRequest(41, new Batch("f-1", 1, 1, [new Taps("like", 1)]))));

        Assert.Equal(Code.NotFound, answer.Code);
    }

    [Fact]
    public async Task A_subscriber_is_given_the_view_and_then_pushed_each_entry()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        await stream.SendAsync("f-1", 1, new Taps("like", 2));
        var observer = new TestObserver();
        var subscribed = await stream.InTurnAsync(live => live.SubscribeAsync(new SubscribeRequest("f-1", observer, Position.Start), "silo-1"));
        await stream.SendAsync("f-1", 2, new Taps("like", 3));

        Assert.Equal(3, subscribed.Content!.Head.Offset);
        Assert.NotNull(subscribed.Content.View);
        Assert.Equal(3, subscribed.Content.Entries.Count);
        var push = Assert.Single(observer.Pushes);
        Assert.Equal(4, push.Effects.Position.Offset);
        Assert.Equal(42UL, subscribed.Creation);
    }

    [Fact]
    public async Task A_subscriber_that_comes_again_is_given_only_what_it_lacks()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        var first = await stream.SendAsync("f-1", 1, new Taps("like", 2));
        await stream.SendAsync("f-1", 2, new Taps("like", 2));

        var again = await stream.InTurnAsync(live => live.SubscribeAsync(new SubscribeRequest("f-1", new TestObserver(), first.Results[0].Position), "silo-1"));

        Assert.Null(again.Content!.View);
        Assert.Equal(4, Assert.Single(again.Content.Entries).Position.Offset);
    }

    [Fact]
    public async Task A_large_view_is_given_in_pieces_as_it_was_when_the_frontend_subscribed()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        var text = new string('x', 400);
        await stream.SendAsync("f-1", 1, [.. Enumerable.Range(0, 200).Select(i => Activation.Comment($"u{i}", $"{i} {text}"))]);
        var subscribed = await stream.InTurnAsync(live => live.SubscribeAsync(new SubscribeRequest("f-1", new TestObserver(), Position.Start), "silo-1"));
        Assert.InRange(subscribed.Pieces, 4, 1000);

        var later = (await stream.SendAsync("f-1", 2, Activation.Comment("ada", "later"))).Results[0].Position;
        List<FeedContent> pieces = [subscribed.Content!];
        for (var piece = 1; piece < subscribed.Pieces; piece++) pieces.Add((await ReadPieceAsync(piece)).Content!);

        Assert.All(pieces, piece => Assert.InRange(piece.Encode().Length, 1, 64 << 10));
        var content = FeedContent.Join(pieces);
        Assert.Equal(later.Offset - 1, content.Head.Offset);
        Assert.Equal(200, content.View!.Effects.OfType<CommentShown>().Count());
        Assert.Equal(Code.Trimmed, (await ReadPieceAsync(subscribed.Pieces)).Code);

        Task<PieceAnswer> ReadPieceAsync(int piece) => stream.InTurnAsync(live => Task.FromResult(live.ReadPiece("f-1", subscribed.Token, piece)));
    }

    [Fact]
    public async Task A_stream_that_is_quiet_for_as_long_as_viewers_may_resume_keeps_nothing_to_resume_over()
    {
        await using var log = NewLog();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var created = await Activation.LiveAsync(log);
        using var stream = await Activation.LoadAsync(log, time);
        time.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(2, (await TrimmedAsync()).Entries.Count);
        time.Advance(TimeSpan.FromSeconds(1));
        var content = await TrimmedAsync();
        Assert.Empty(content.Entries);
        Assert.Equal((2, content.Head), (content.Head.Offset, content.Start));

        var sent = await stream.SendAsync("f-1", 1, new Taps("like", 1));
        Assert.Equal(sent.Results[0].Position, Assert.Single((await TrimmedAsync()).Entries).Position);

        async Task<FeedContent> TrimmedAsync()
        {
            stream.Stream.TrimIfQuiet(); // in a turn before the next
            return (await stream.InTurnAsync(live => live.SubscribeAsync(new SubscribeRequest("f-1", new TestObserver(), Position.Start), "silo-1"))).Content!;
        }
    }

    [Fact]
    public async Task A_frontend_with_too_much_waiting_is_left_off_and_pushed_to_again_when_it_subscribes_again()
    {
        await using var log = NewLog();
        using var leases = new FrontendLeases("silo-1", TimeProvider.System);
        using var created = await Activation.LiveAsync(log);
        using var stream = await Activation.LoadAsync(log, leases: leases);
        var (slow, quick) = (new TestObserver(), new TestObserver());
        await stream.InTurnAsync(live => live.SubscribeAsync(new SubscribeRequest("f-1", slow, Position.Start), "silo-1"));
        await stream.InTurnAsync(live => live.SubscribeAsync(new SubscribeRequest("f-2", quick, Position.Start), "silo-1"));
        Assert.True(leases.TryPush("f-1", 8 << 20, out _)); // of other streams

        var first = await stream.SendAsync("f-2", 1, new Taps("like", 1));
        var mark = leases.Renew("f-1", 0)!.Bytes;
        Assert.Empty(slow.Pushes);
        Assert.Single(quick.Pushes);
        Assert.Equal(1, stream.Stream.SubscriberCount);
        Assert.Equal(first.Results[0].Position, Assert.Single(leases.Take("f-1")).Head);

        leases.Renew("f-1", mark);
        await stream.InTurnAsync(live => live.SubscribeAsync(new SubscribeRequest("f-1", slow, Position.Start), "silo-1"));
        Assert.Null(slow.Mark);
        Assert.True(leases.TryPush("f-1", (1 << 20) - 1, out _));
        await stream.SendAsync("f-2", 2, new Taps("like", 1));
        Assert.Single(slow.Pushes);
        Assert.InRange(slow.Mark!.Bytes, 9 << 20, (9 << 20) + 1_000);
    }

    [Fact]
    public async Task A_frontend_that_is_not_heard_of_for_10_s_is_gone_with_its_viewers()
    {
        await using var log = NewLog();
        var time = new FakeTimeProvider();
        using var leases = new FrontendLeases("silo-1", time);
        using var created = await Activation.LiveAsync(log);
        using var stream = await Activation.LoadAsync(log, leases: leases);
        await stream.SendAsync("f-1", 1, new ViewersCounted(7));
        await stream.SendAsync("f-2", 1, new ViewersCounted(2));
        for (var second = 0; second < 11; second++)
        {
            leases.Heard("f-2");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await stream.SendAsync("f-2", 2, new Taps("like", 1)); // comes after it
        Assert.Equal(2, await ViewersAsync(stream));
    }

    [Fact]
    public async Task Where_a_process_is_alone_the_frontends_of_its_last_life_are_gone_at_once()
    {
        await using var log = NewLog();
        using var last = await Activation.LiveAsync(log);
        await last.SendAsync("f-1", 1, new ViewersCounted(7));

        using var stream = await Activation.LoadAsync(log, isAlone: true);

        await stream.SendAsync("f-2", 1, new Taps("like", 1)); // comes after it
        Assert.Equal(0, await ViewersAsync(stream));
    }

    [Fact]
    public async Task A_stream_that_is_stopped_answers_what_it_took_and_takes_no_more()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        var taken = stream.SendAsync("f-1", 1, new Taps("like", 1));
        await stream.InTurnAsync(async live =>
        {
            await live.StopAsync();
            return true;
        });

        Assert.True((await taken).Results[0].IsAccepted);
        Assert.Equal(Code.Unavailable, (await stream.SendAsync("f-1", 2, new Taps("like", 1))).Code);
    }

    [Fact]
    public async Task An_erased_stream_is_not_found_and_its_subscribers_are_told()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        var observer = new TestObserver();
        await stream.InTurnAsync(live => live.SubscribeAsync(new SubscribeRequest("f-1", observer, Position.Start), "silo-1"));

        Assert.True(await stream.InTurnAsync(live => live.EraseAsync()));

        Assert.Equal(FeedEndReason.Deleted, observer.End?.Reason);
        Assert.Equal(Code.NotFound, (await stream.SendAsync("f-1", 1, new Taps("like", 1))).Code);
        Assert.Equal(Position.Start, (await log.ReadAsync("match-7", Position.Start, 1)).Head.Position);
    }

    [Fact]
    public async Task A_damaged_log_ends_the_stream_as_damaged_and_not_as_one_that_is_not_there()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        log.Before = _ => throw new LogDamagedException("A bit flipped.");

        Assert.Equal(Code.Damaged, (await stream.SendAsync("f-1", 1, new Taps("like", 1))).Code);
        Assert.Equal(Code.Damaged, (await stream.InTurnAsync(live => live.SnapshotAsync(null))).Code);
    }

    [Fact]
    public async Task A_stream_that_was_asked_while_the_log_was_away_answers_when_it_is_back()
    {
        await using var log = NewLog();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow) { AutoAdvanceAmount = TimeSpan.FromSeconds(2) };
        using var created = await Activation.LiveAsync(log);
        using var stream = await Activation.LoadAsync(log, time);
        log.BeforeRead = static () => throw new LogUnavailableException("It is away.");
        Assert.Equal(Code.Unavailable, (await stream.InTurnAsync(live => live.SnapshotAsync(null))).Code);
        log.BeforeRead = static () => { };

        Assert.Equal(Code.Accepted, (await stream.InTurnAsync(live => live.SnapshotAsync(null))).Code);
    }

    [Fact]
    public async Task Batches_that_waited_long_become_entries_of_256_KB_at_the_most()
    {
        await using var log = NewLog();
        using var stream = await Activation.LiveAsync(log);
        var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        log.Before = _ =>
        {
            arrived.TrySetResult();
            return release.Task;
        };
        var first = stream.SendAsync("f-0", 1, new Taps("like", 1));
        await arrived.Task;
        List<int> sizes = [];
        log.Before = entry =>
        {
            sizes.Add(entry.Body.Length);
            return Task.CompletedTask;
        };
        var comments = Enumerable.Range(0, 120).Select(i => (BatchItem)Activation.Comment($"u{i}", new string('x', 400))).ToArray();
        var later = Enumerable.Range(1, 30).Select(i => stream.SendAsync($"f-{i}", 1, comments)).ToArray();
        await stream.InTurnAsync(_ => Task.FromResult(true)); // their turns are over
        release.SetResult();

        await first;
        Assert.All(await Task.WhenAll(later), answer => Assert.True(answer.Results[0].IsAccepted));
        Assert.All(sizes, size => Assert.InRange(size, 1, 256 << 10));
    }

    [Fact]
    public async Task A_silo_that_stood_still_takes_no_frontend_for_gone_because_of_that()
    {
        await using var log = NewLog();
        var time = new FakeTimeProvider();
        using var leases = new FrontendLeases("silo-1", time);
        using var created = await Activation.LiveAsync(log);
        using var stream = await Activation.LoadAsync(log, leases: leases);
        await stream.SendAsync("f-1", 1, new ViewersCounted(7));

        time.Advance(TimeSpan.FromMinutes(1)); // its timer is late

        await stream.SendAsync("f-2", 1, new Taps("like", 1));
        Assert.Equal(7, await ViewersAsync(stream));
    }

    private static Task<int> ViewersAsync(Activation activation) =>
        activation.InTurnAsync(stream => stream.ReadAsync(state => state.Viewers, code => throw new InvalidOperationException(code.ToString())));
}
