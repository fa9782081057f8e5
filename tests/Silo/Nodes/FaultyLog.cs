using System.Runtime.CompilerServices;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Memory;

namespace Interactions.Tests.Silo.Nodes;

/// <summary>A log in memory whose store can be made to fail, before or after it took an append.</summary>
internal sealed class FaultyLog : IStreamLog
{
    private readonly MemoryLog _inner = new(TimeProvider.System);

    public Func<Exception?> BeforeAppend { get; set; } = () => null;

    public Func<Exception?> AfterAppend { get; set; } = () => null;

    /// <summary>Asked before everything that reads.</summary>
    public Func<Exception?> BeforeRead { get; set; } = () => null;

    public bool IsShared => false;

    public async ValueTask<AppendResult> AppendAsync(string stream, AppendRequest request, CancellationToken cancellationToken = default)
    {
        if (stream != StreamIds.Directory && BeforeAppend() is { } before) throw before;
        var result = await _inner.AppendAsync(stream, request, cancellationToken);
        if (stream != StreamIds.Directory && AfterAppend() is { } after) throw after;
        return result;
    }

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default) =>
        stream != StreamIds.Directory && BeforeRead() is { } failed ? throw failed : _inner.ReadAsync(stream, after, max, cancellationToken);

    public async IAsyncEnumerable<Entry> TailAsync(string stream, Position after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in _inner.TailAsync(stream, after, cancellationToken))
        {
            if (stream != StreamIds.Directory && BeforeRead() is { } failed) throw failed;
            yield return entry;
        }
    }

    public ValueTask<LogSnapshot?> GetSnapshotAsync(string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default) =>
        _inner.GetSnapshotAsync(stream, notAfterMs, cancellationToken);

    public ValueTask<bool> PutSnapshotAsync(string stream, LogSnapshot snapshot, CancellationToken cancellationToken = default) =>
        _inner.PutSnapshotAsync(stream, snapshot, cancellationToken);

    public ValueTask DeleteAsync(string stream, CancellationToken cancellationToken = default) => _inner.DeleteAsync(stream, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
