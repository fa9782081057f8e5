using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs;
using Interactions.Silo.Logs.Memory;
using Interactions.Tests.Specification;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>A push is only a hint: here it is lost, repeated, out of order and too much.</summary>
public sealed class LogTailsTests : IAsyncDisposable
{
    private readonly MemoryLog _store = new(new SettableClock());
    private readonly LogTails _tails;
    private int _reads;

    public LogTailsTests()
    {
        _tails = new LogTails(TimeProvider.System, (stream, after, max, cancellation) =>
        {
            Interlocked.Increment(ref _reads);
            return _store.ReadAsync(stream, after, max, cancellation);
        });
    }

    public async ValueTask DisposeAsync()
    {
        _tails.Dispose();
        await _store.DisposeAsync();
    }

    private async Task<List<Entry>> AppendAsync(int count)
    {
        var head = (await _store.ReadAsync("s", Position.Start, 0)).Head;
        for (var i = 1; i <= count; i++) await _store.AppendAsync("s", new AppendRequest("p", head.Offset + i - 1, head.Offset + i, new byte[] { 1 }));
        return [.. (await _store.ReadAsync("s", head, count)).Entries];
    }

    private static async Task NextAsync(IAsyncEnumerator<Entry> tail, long offset)
    {
        Assert.True(await tail.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(offset, tail.Current.Position.Offset);
    }

    [Fact]
    public async Task A_lost_push_is_found_by_comparing_the_head()
    {
        await AppendAsync(1);
        await using var tail = _tails.TailAsync("s", Position.Start).GetAsyncEnumerator();
        await NextAsync(tail, 1);

        await AppendAsync(2);

        await NextAsync(tail, 2);
        await NextAsync(tail, 3);
    }

    [Fact]
    public async Task Pushes_that_are_old_repeated_or_out_of_order_are_put_right()
    {
        await AppendAsync(1);
        await using var tail = _tails.TailAsync("s", Position.Start).GetAsyncEnumerator();
        await NextAsync(tail, 1);
        var entries = await AppendAsync(5);

        foreach (var i in new[] { 0, 0, 3, 2, 4, 1, 0 }) _tails.Push("s", entries[i]);

        for (var offset = 2; offset <= 6; offset++) await NextAsync(tail, offset);
    }

    [Fact]
    public async Task A_reader_that_keeps_up_costs_no_reads()
    {
        await AppendAsync(1);
        await using var tail = _tails.TailAsync("s", Position.Start).GetAsyncEnumerator();
        await NextAsync(tail, 1);
        var before = _reads;

        foreach (var entry in await AppendAsync(LogTail.MaxPushed)) _tails.Push("s", entry);

        for (var i = 0; i < LogTail.MaxPushed; i++) await NextAsync(tail, i + 2);
        Assert.Equal(before, _reads);
    }

    [Fact]
    public async Task What_a_slow_reader_can_not_hold_is_read()
    {
        await AppendAsync(1);
        await using var tail = _tails.TailAsync("s", Position.Start).GetAsyncEnumerator();
        await NextAsync(tail, 1);
        var before = _reads;

        foreach (var entry in await AppendAsync(LogTail.MaxPushed + 10)) _tails.Push("s", entry);

        for (var i = 0; i < LogTail.MaxPushed + 10; i++) await NextAsync(tail, i + 2);
        Assert.True(_reads > before);
    }
}
