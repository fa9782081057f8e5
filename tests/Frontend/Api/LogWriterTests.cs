using System.IO.Pipelines;
using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Frontend.Api;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class LogWriterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 2048, resumeWriterThreshold: 1024, useSynchronizationContext: false));

    [Fact]
    public async Task A_follower_that_takes_nothing_is_cut()
    {
        var cut = false;
        var writer = new LogWriter(_pipe.Writer, TimeProvider.System, TimeSpan.FromMilliseconds(50), () => cut = true, CancellationToken.None);
        Assert.False(await writer.WriteAsync(Entry(1, 20_000)).AsTask().WaitAsync(Patience));
        Assert.True(cut);
    }

    [Fact]
    public async Task A_token_that_ends_while_a_line_is_written_ends_the_answer_after_it()
    {
        using var over = new CancellationTokenSource();
        var writer = new LogWriter(_pipe.Writer, TimeProvider.System, Timeout.InfiniteTimeSpan, () => { }, over.Token);
        var writing = writer.WriteAsync(Entry(1, 100_000)).AsTask();
        Assert.False(writing.IsCompleted);
        await over.CancelAsync();
        Assert.False(await writing.WaitAsync(Patience));
        await _pipe.Writer.CompleteAsync();
        var text = await new StreamReader(_pipe.Reader.AsStream(), Encoding.UTF8).ReadToEndAsync().WaitAsync(Patience);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(new string('x', 100_000), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_left_ends_the_answer()
    {
        var writer = new LogWriter(_pipe.Writer, TimeProvider.System, Timeout.InfiniteTimeSpan, () => { }, CancellationToken.None);
        var writing = writer.WriteAsync(Entry(1, 100_000)).AsTask();
        await _pipe.Reader.CompleteAsync();
        Assert.False(await writing.WaitAsync(Patience));
    }

    private static Entry Entry(long offset, int characters)
    {
        var batch = new Batch("f1", 1, 1, [new Submitted("ada", "Ada", false, 0, new Comment(new string('x', characters), null))]);
        return new(new Position("k3f", offset), 1, "w1", offset, EntryCodec.Encode(new EntryBody(1, [batch])));
    }
}
