using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.Silo.Nodes;

public sealed class SystemStreamTests
{
    private const string Id = "own";

    [Fact]
    public async Task An_append_that_another_nodes_snapshot_covers_is_answered()
    {
        await using var log = new FaultyLog();
        await using var stream = new SystemStream(log, Id, new Counted(), TimeProvider.System, NullLogger.Instance, null);
        stream.Start();
        await stream.Opened;
        var hides = 1;
        log.BeforeRead = () =>
        {
            if (Interlocked.Exchange(ref hides, 0) == 0) return null;
            var head = log.ReadAsync(Id, Position.Start, 0).AsTask().GetAwaiter().GetResult().Head;
            Assert.True(log.PutSnapshotAsync(Id, new(head, 1, BatchCodec.Encode(new Batch(1, [new NodeGone("n")])))).AsTask().GetAwaiter().GetResult());
            return new PositionLostException(Id, Position.Start, ReadStatus.Trimmed);
        };

        await stream.AppendAsync(() => [new NodeGone("n")]);
        Assert.Equal(0, hides);
    }

    private sealed class Counted : ISystemFold
    {
        private int _items;

        public void Restart(IReadOnlyList<Batch> batches) => _items = batches.Sum(batch => batch.Items.Count);

        public void Apply(Batch batch) => _items += batch.Items.Count;

        public Batch Save() => new(0, [.. Enumerable.Repeat(new NodeGone("n"), _items)]);
    }
}
