using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Redis;
using Interactions.Tests.EndToEnd.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>What happens to a stream when its Redis comes back with less, or with nothing new, or late.</summary>
public sealed class RedisLossTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<RedisLog> _logs = [];
    private RedisProcess _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs) await log.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task What_a_restarted_store_lost_is_put_back_once_by_whoever_holds_it()
    {
        var (one, two) = (Open(), Open());
        using var stop = new CancellationTokenSource();
        await AppendAsync(one, "p1", 1, 10);
        var follower = FollowAsync(two, stop.Token);
        await follower.Until(10);
        var backup = _redis.Backup();
        await AppendAsync(one, "p1", 11, 5);
        await AppendAsync(two, "p2", 1, 5);
        await follower.Until(20);
        var before = await ReadAllAsync(one);

        await _redis.KillAsync();
        _redis.RestoreFrom(backup);
        await _redis.StartAgainAsync();

        var after = await EventuallyAsync(one, 20);
        Assert.Equal(before.Select(Text), after.Select(Text).Order(Comparer<string>.Create((a, b) => Index(before, a) - Index(before, b))));
        Assert.Equal(20, after.Select(Text).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), after.Select(entry => entry.Position.Offset));
        Assert.All(after.Skip(10), entry => Assert.Equal(before.Single(was => Text(was) == Text(entry)).Position, entry.Origin));
        Assert.NotEqual(before[^1].Position.Epoch, after[^1].Position.Epoch);

        // Both chains go on where they were.
        await AppendAsync(one, "p1", 16, 1);
        await AppendAsync(two, "p2", 6, 1);
        Assert.Equal(22, (await ReadAllAsync(two)).Count);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task An_append_of_which_the_answer_was_lost_is_not_doubled_by_putting_it_back()
    {
        var (one, two) = (Open(), Open());
        using var stop = new CancellationTokenSource();
        await AppendAsync(one, "p1", 1, 3);
        var follower = FollowAsync(two, stop.Token);
        await follower.Until(3);
        var backup = _redis.Backup();
        await AppendAsync(one, "p1", 4, 1);
        await follower.Until(4);

        await _redis.KillAsync();
        _redis.RestoreFrom(backup);
        await _redis.StartAgainAsync();

        // The sender never heard of it and asks again, while the other node puts back what it was pushed.
        var again = await RetryAsync(() => one.AppendAsync("s", Request("p1", 4)));
        Assert.NotEqual(AppendStatus.Refused, again.Status);
        Assert.Equal(4, (await EventuallyAsync(two, 4)).Count);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task A_position_from_before_the_restart_is_read_on_from_as_far_as_nothing_was_lost()
    {
        var one = Open();
        var kept = (await AppendAsync(one, "p1", 1, 5))[^1].Position;

        await _redis.KillAsync();
        await _redis.StartAgainAsync();
        await RetryAsync(() => one.AppendAsync("s", Request("p1", 6)));

        var read = await one.ReadAsync("s", kept, 10);
        Assert.Equal((ReadStatus.Ok, 1), (read.Status, read.Entries.Count));
        Assert.NotEqual(kept.Epoch, read.Head.Epoch);
        Assert.Equal(6, read.Head.Offset);
        Assert.Equal(ReadStatus.OtherEpoch, (await one.ReadAsync("s", kept with { Offset = 6 }, 10)).Status);
    }

    [Fact]
    public async Task A_deleted_stream_is_not_put_back()
    {
        var (one, two) = (Open(), Open());
        using var stop = new CancellationTokenSource();
        await AppendAsync(one, "p1", 1, 3);
        var follower = FollowAsync(two, stop.Token);
        await follower.Until(3);

        await one.DeleteAsync("s");
        await follower.Ended.WaitAsync(Patience);
        await AppendAsync(one, "p3", 1, 1);

        Assert.Equal("p3:1", Text(Assert.Single(await ReadAllAsync(two))));
    }

    [Fact]
    public async Task A_stream_that_was_created_again_within_the_hour_is_put_back_too()
    {
        var one = Open();
        await AppendAsync(one, "p1", 1, 3);
        await one.DeleteAsync("s");
        await AppendAsync(one, "p2", 1, 2);
        var backup = _redis.Backup();
        await AppendAsync(one, "p2", 3, 2);

        await _redis.KillAsync();
        _redis.RestoreFrom(backup);
        await _redis.StartAgainAsync();

        Assert.Equal(["p2:1", "p2:2", "p2:3", "p2:4"], (await EventuallyAsync(one, 4)).Select(Text));
    }

    [Fact]
    public async Task While_the_store_is_stalled_an_append_is_answered_unavailable_and_stands_once_afterwards()
    {
        var one = Open();
        await AppendAsync(one, "p1", 1, 1);
        _redis.Stop();

        await Assert.ThrowsAsync<LogUnavailableException>(() => one.AppendAsync("s", Request("p1", 2)).AsTask());

        _redis.Continue();
        var again = await RetryAsync(() => one.AppendAsync("s", Request("p1", 2)));
        Assert.NotEqual(AppendStatus.Refused, again.Status);
        Assert.Equal(2, (await ReadAllAsync(one)).Count);
    }

    [Fact]
    public async Task Messages_lost_with_a_killed_subscription_are_read()
    {
        var (one, two) = (Open(), Open());
        using var stop = new CancellationTokenSource();
        await AppendAsync(one, "p1", 1, 1);
        var follower = FollowAsync(two, stop.Token);
        await follower.Until(1);

        for (var i = 2; i <= 60; i++)
        {
            if (i % 10 == 0) await _redis.CliAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await AppendAsync(one, "p1", i, 1);
        }

        await follower.Until(60);
        Assert.Equal(60, follower.Seen.Distinct().Count());
        await stop.CancelAsync();
    }

    [Fact]
    public async Task A_full_store_takes_nothing_and_says_so()
    {
        var one = Open();
        await AppendAsync(one, "p1", 1, 1);
        await _redis.CliAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await _redis.CliAsync("CONFIG", "SET", "maxmemory", "1");

        await Assert.ThrowsAsync<LogFullException>(() => one.AppendAsync("s", Request("p1", 2)).AsTask());

        await _redis.CliAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.Equal(AppendStatus.Taken, (await one.AppendAsync("s", Request("p1", 2))).Status);
        Assert.Equal(2, (await ReadAllAsync(one)).Count);
    }

    [Fact]
    public async Task A_chain_goes_on_when_the_store_came_back_without_what_nobody_holds_any_more()
    {
        var one = Open(TimeSpan.FromMilliseconds(1));
        var backup = "";
        AppendResult last = default;
        for (var i = 1; i <= 5; i++)
        {
            last = (await AppendAsync(one, "p1", i, 1))[0];
            if (i == 2) backup = _redis.Backup();
            await Task.Delay(5);
        }

        await _redis.KillAsync();
        _redis.RestoreFrom(backup);
        await _redis.StartAgainAsync();
        await Task.Delay(1500); // what is held is let go of once a second

        var result = await RetryAsync(() => one.AppendAsync("s", Request("p1", 6) with { PreviousAt = last.Position }));
        Assert.Equal(AppendStatus.Taken, result.Status);
        Assert.Equal(AppendStatus.Repeated, (await one.AppendAsync("s", Request("p1", 6) with { PreviousAt = last.Position })).Status);
        Assert.Equal(["p1:1", "p1:2", "p1:6"], (await ReadAllAsync(one)).Select(Text));
    }

    [Fact]
    public async Task A_chain_of_a_deleted_stream_does_not_go_on_in_the_one_that_has_its_name_now()
    {
        var (one, two) = (Open(), Open());
        var last = (await AppendAsync(one, "p1", 1, 3))[^1];
        await two.DeleteAsync("s");
        await AppendAsync(two, "p2", 1, 1);

        Assert.Equal(AppendStatus.Refused, (await one.AppendAsync("s", Request("p1", 4) with { PreviousAt = last.Position })).Status);
        Assert.Equal("p2:1", Text(Assert.Single(await ReadAllAsync(two))));
    }

    private static AppendRequest Request(string producer, long sequence) =>
        new(producer, sequence - 1, sequence, Encoding.UTF8.GetBytes($"{producer}:{sequence}"));

    private static string Text(Entry entry) => Encoding.UTF8.GetString(entry.Batch.Span);

    private static int Index(List<Entry> entries, string text) => entries.FindIndex(entry => Text(entry) == text);

    private static async Task<AppendResult[]> AppendAsync(RedisLog log, string producer, long from, int count)
    {
        var results = new AppendResult[count];
        for (var i = 0; i < count; i++)
        {
            results[i] = await RetryAsync(() => log.AppendAsync("s", Request(producer, from + i)));
            Assert.NotEqual(AppendStatus.Refused, results[i].Status);
        }

        return results;
    }

    private static async Task<T> RetryAsync<T>(Func<ValueTask<T>> action)
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return await action();
            }
            catch (LogUnavailableException) when (DateTime.UtcNow < until)
            {
                await Task.Delay(20);
            }
        }
    }

    private static async Task<List<Entry>> ReadAllAsync(RedisLog log)
    {
        var read = await RetryAsync(() => log.ReadAsync("s", Position.Start, 1000));
        Assert.Equal(ReadStatus.Ok, read.Status);
        return [.. read.Entries];
    }

    private static async Task<List<Entry>> EventuallyAsync(RedisLog log, int count)
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            var entries = await ReadAllAsync(log);
            if (entries.Count >= count || DateTime.UtcNow > until) return entries;
            await Task.Delay(50);
        }
    }

    private RedisLog Open(TimeSpan? hold = null)
    {
        var log = RedisLog.Open(new RedisLogOptions(_redis.Address) { Hold = hold ?? TimeSpan.FromSeconds(60) }, TimeProvider.System, NullLogger<RedisLog>.Instance);
        _logs.Add(log);
        return log;
    }

    private static Follower FollowAsync(RedisLog log, CancellationToken stop) => new(log, stop);

    private sealed class Follower
    {
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> _seen = [];

        public Follower(RedisLog log, CancellationToken stop) => Ended = RunAsync(log, stop);

        public Task Ended { get; }

        public string[] Seen
        {
            get
            {
                lock (_seen) return [.. _seen];
            }
        }

        public async Task Until(int count)
        {
            while (true)
            {
                Task more;
                lock (_seen)
                {
                    if (_seen.Count >= count) return;
                    more = _more.Task;
                }

                try
                {
                    await more.WaitAsync(Patience);
                }
                catch (TimeoutException)
                {
                    throw new TimeoutException($"Entry {count} did not come; {Seen.Length} did.");
                }
            }
        }

        private async Task RunAsync(RedisLog log, CancellationToken stop)
        {
            try
            {
                await foreach (var entry in log.TailAsync("s", Position.Start, stop))
                {
                    lock (_seen)
                    {
                        _seen.Add(Text(entry));
                        _more.SetResult();
                        _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    }
                }
            }
            catch (Exception end) when (end is OperationCanceledException or PositionLostException or LogUnavailableException or ObjectDisposedException)
            {
                // The tests look at the log.
            }
        }
    }
}
