using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Log;
using Interactions.Silo.Directories;
using Interactions.Silo.Logs.Memory;
using Interactions.Tests.Silo.Grains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Interactions.Tests.Silo.Directories;

public sealed class DirectoryPartitionTests : IAsyncDisposable
{
    private static readonly string Name = DirectoryLog.NameOf(7);
    private readonly MemoryLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task What_was_answered_is_there_for_the_next_activation()
    {
        await using (var first = await Partition.OpenAsync(_log))
        {
            Assert.True(await first.BeginAsync("a", 1, name: "i1"));
            await first.FinishAsync("a", 1, "i1", StreamStatus.Live);
        }

        Assert.Equal(2, await HeadAsync());
        await using var next = await Partition.OpenAsync(_log);
        Assert.Equal(("a", StreamStatus.Live), Assert.Single(await next.PageAsync()) is var row ? (row.Id, row.Status) : default);
    }

    [Fact]
    public async Task Creations_at_the_same_time_share_entries()
    {
        TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var scripted = new ScriptedLog(_log) { Before = _ => released.Task };
        await using var partition = await Partition.OpenAsync(scripted);

        var creations = Enumerable.Range(0, 300).Select(i => partition.BeginAsync($"s{i}", 1)).ToArray();
        released.SetResult();

        Assert.All(await Task.WhenAll(creations), Assert.True);
        Assert.InRange(await HeadAsync(), 1, 4);
        Assert.Equal(300, (await partition.PageAsync()).Count);
    }

    [Fact]
    public async Task One_of_many_creations_of_an_id_stands()
    {
        await using var partition = await Partition.OpenAsync(_log);

        var creations = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => partition.BeginAsync("a", (ulong)i)));

        Assert.Single(creations, stands => stands);
        Assert.Equal(1, await HeadAsync());
    }

    [Fact]
    public async Task A_snapshot_takes_the_place_of_a_long_tail()
    {
        await using (var first = await Partition.OpenAsync(_log))
        {
            for (var i = 0; i < 600; i++) await first.BeginAsync($"s{i:d3}", 1, name: $"i{i}");
        }

        Assert.NotNull(await _log.GetSnapshotAsync(Name));
        await using var next = await Partition.OpenAsync(_log);
        Assert.Equal(600, (await next.PageAsync()).Count);
    }

    [Fact]
    public async Task An_activation_that_was_overtaken_takes_nothing_and_goes()
    {
        await using var old = await Partition.OpenAsync(_log);
        await using var current = await Partition.OpenAsync(_log);
        await current.BeginAsync("a", 1);

        await Assert.ThrowsAsync<LogUnavailableException>(() => old.BeginAsync("b", 2));

        Assert.True(old.IsLost);
        await Assert.ThrowsAsync<LogUnavailableException>(() => old.BeginAsync("c", 3));
        Assert.Equal(["a"], (await current.PageAsync()).Select(row => row.Id));
    }

    [Fact]
    public async Task A_read_is_at_most_a_second_old()
    {
        var time = new FakeTimeProvider();
        await using var old = await Partition.OpenAsync(_log, time);
        await using var current = await Partition.OpenAsync(_log, time);
        await current.BeginAsync("a", 1);
        Assert.Empty(await old.PageAsync());

        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<LogUnavailableException>(old.PageAsync);
        Assert.True(old.IsLost);
    }

    [Fact]
    public async Task An_append_whose_outcome_was_unknown_is_taken_once()
    {
        var isFirst = true;
        var scripted = new ScriptedLog(_log)
        {
            After = _ => isFirst ? Task.FromException(Lost(ref isFirst)) : Task.CompletedTask,
        };
        await using var partition = await Partition.OpenAsync(scripted);

        Assert.True(await partition.BeginAsync("a", 1));

        Assert.Equal(2, scripted.Appends);
        Assert.Equal(1, await HeadAsync());
    }

    [Fact]
    public async Task What_waited_in_vain_for_the_log_is_not_done_later()
    {
        var time = new FakeTimeProvider();
        TaskCompletionSource reached = new();
        TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var scripted = new ScriptedLog(_log)
        {
            Before = async _ =>
            {
                reached.TrySetResult();
                await released.Task;
            },
        };
        await using var partition = await Partition.OpenAsync(scripted, time);
        var first = partition.BeginAsync("a", 1);
        await reached.Task;
        var late = partition.BeginAsync("b", 2);
        await partition.InTurnAsync(_ => Task.FromResult(true)); // so that it waits

        time.Advance(TimeSpan.FromSeconds(2.1));
        released.SetResult();

        Assert.True(await first);
        await Assert.ThrowsAsync<LogUnavailableException>(() => late);
        Assert.Equal(1, await HeadAsync());
    }

    [Fact]
    public async Task An_intent_that_was_left_is_settled_after_10_seconds()
    {
        var time = new FakeTimeProvider();
        TaskCompletionSource<DirectoryIntent> settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var partition = await Partition.OpenAsync(_log, time, settle: async (inner, intent) =>
        {
            await inner.FinishAsync("a", 1, intent.Name, StreamStatus.Live);
            settled.TrySetResult(intent);
        });
        await partition.BeginAsync("a", 1, name: "i1");
        await partition.InTurnAsync(_ => Task.FromResult(true));

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(settled.Task.IsCompleted);
        await AdvanceUntilAsync(time, settled.Task);

        Assert.Equal("i1", (await settled.Task).Name);
        Assert.Equal(StreamStatus.Live, Assert.Single(await partition.PageAsync()).Status);
    }

    [Fact]
    public async Task What_the_only_process_finds_begun_is_settled_at_once()
    {
        await using (var killed = await Partition.OpenAsync(_log)) await killed.BeginAsync("a", 1, name: "i1");
        TaskCompletionSource<DirectoryIntent> settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        await using var next = await Partition.OpenAsync(_log, new FakeTimeProvider(), isAlone: true, (_, intent) =>
        {
            settled.TrySetResult(intent);
            return Task.CompletedTask;
        });

        Assert.Equal("i1", (await settled.Task.WaitAsync(TimeSpan.FromSeconds(20))).Name);
    }

    [Fact]
    public async Task What_can_not_be_settled_is_tried_again_later()
    {
        var time = new FakeTimeProvider();
        TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var tries = 0;
        await using var partition = await Partition.OpenAsync(_log, time, settle: async (inner, intent) =>
        {
            if (++tries < 3) throw new LogUnavailableException("The stream does not answer.");
            await inner.FinishAsync("a", 1, intent.Name);
            settled.TrySetResult();
        });

        await partition.BeginAsync("a", 1);
        await AdvanceUntilAsync(time, settled.Task);

        Assert.Equal(3, tries);
    }

    private static LogUnavailableException Lost(ref bool isFirst)
    {
        isFirst = false;
        return new LogUnavailableException("The answer was lost.");
    }

    // Whoever waits may not have begun to when time goes on.
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task reached)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached.IsCompleted)
        {
            late.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(1, late.Token);
        }
    }

    private async Task<long> HeadAsync() => (await _log.ReadAsync(Name, Position.Start, 0)).Head.Position.Offset;
}
