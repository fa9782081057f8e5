using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Tests.Silo.Hosting;

/// <summary>A log that can be away.</summary>
internal sealed class FailingLog(IStreamLog log) : IStreamLog
{
    public event Action? Restarted
    {
        add => log.Restarted += value;
        remove => log.Restarted -= value;
    }

    public bool IsAway { get; set; }

    private IStreamLog Log => IsAway ? throw new LogUnavailableException("The log is away.") : log;

    public ValueTask<AppendResult> AppendAsync(string stream, LogHead head, Entry entry, CancellationToken cancellationToken = default) =>
        Log.AppendAsync(stream, head, entry, cancellationToken);

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default) =>
        Log.ReadAsync(stream, after, max, cancellationToken);

    public ValueTask<AppendResult> RestoreAsync(string stream, LogSnapshot? snapshot, LogHead? before, IReadOnlyList<Entry> entries, CancellationToken cancellationToken = default) =>
        Log.RestoreAsync(stream, snapshot, before, entries, cancellationToken);

    public ValueTask<LogSnapshot?> GetSnapshotAsync(string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default) =>
        Log.GetSnapshotAsync(stream, notAfterMs, cancellationToken);

    public ValueTask<bool> PutSnapshotAsync(string stream, LogHead last, LogSnapshot snapshot, CancellationToken cancellationToken = default) =>
        Log.PutSnapshotAsync(stream, last, snapshot, cancellationToken);

    public ValueTask<bool> DeleteAsync(string stream, LogHead? head, CancellationToken cancellationToken = default) => Log.DeleteAsync(stream, head, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken = default) => Log.ListAsync(cancellationToken);

    public ValueTask DisposeAsync() => log.DisposeAsync();
}
