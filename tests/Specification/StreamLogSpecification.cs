using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Xunit;

namespace Interactions.Tests.Specification;

/// <summary>What every <see cref="IStreamLog"/> promises. A log's tests derive from this and open it.</summary>
public abstract partial class StreamLogSpecification : IAsyncLifetime
{
    private IStreamLog? _log;

    protected SettableClock Clock { get; } = new();

    protected IStreamLog Log => _log!;

    /// <summary>A stream name that is new to the store, however long the store lives.</summary>
    protected string Stream { get; } = "s" + Epochs.New();

    protected abstract ValueTask<IStreamLog> OpenAsync(TimeProvider time);

    /// <summary>Makes the log drop what it may drop after the second snapshot of a stream. Logs trim the service's own streams by themselves.</summary>
    protected virtual ValueTask TrimAsync(string stream) => default;

    public async ValueTask InitializeAsync() => _log = await OpenAsync(Clock);

    public virtual async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected LogWriter Writer(string name = "w1", string? stream = null) => new(Log, stream ?? Stream, name);

    protected static LogSnapshot SnapshotAt(Entry entry) =>
        new(entry.Position, entry.AtMs, Encoding.UTF8.GetBytes($"state {entry.Position.Offset}"));

    protected async Task<Position> HeadAsync(string? stream = null) => (await Log.ReadAsync(stream ?? Stream, Position.Start, 0)).Head.Position;

    protected async Task<List<Entry>> ReadAllAsync(string? stream = null, Position? after = null, int page = 100)
    {
        var entries = new List<Entry>();
        var position = after ?? Position.Start;
        while (true)
        {
            var read = await Log.ReadAsync(stream ?? Stream, position, page);
            Assert.Equal(ReadStatus.Ok, read.Status);
            entries.AddRange(read.Entries);
            if (read.Entries.Count == 0 || LogHead.Of(read.Entries[^1]) == read.Head) return entries;
            position = read.Entries[^1].Position;
        }
    }

    protected static void AssertSame(IReadOnlyList<Entry> expected, IReadOnlyList<Entry> actual)
    {
        Assert.Equal(expected.Select(Fields), actual.Select(Fields));
        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.Body.Span.SequenceEqual(pair.Second.Body.Span), $"The body of {pair.First.Position} is another."));
    }

    private static void AssertDense(List<Entry> entries) =>
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(offset => (long)offset), entries.Select(entry => entry.Position.Offset));

    private static (Position Position, long AtMs, string Writer, long Number, int Bytes) Fields(Entry entry) =>
        (entry.Position, entry.AtMs, entry.Writer, entry.Number, entry.Body.Length);
}
