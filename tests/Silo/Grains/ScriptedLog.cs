using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Tests.Silo.Grains;

/// <summary>A log in which a test decides what happens before and after each append.</summary>
internal sealed class ScriptedLog(IStreamLog log) : IStreamLog
{
    public event Action? Restarted
    {
        add => log.Restarted += value;
        remove => log.Restarted -= value;
    }

    public bool MayLose => log.MayLose;

    /// <summary>May throw: then nothing is taken.</summary>
    public Func<Entry, Task> Before { get; set; } = static _ => Task.CompletedTask;

    /// <summary>May throw: then it is taken, and the answer is lost.</summary>
    public Func<Entry, Task> After { get; set; } = static _ => Task.CompletedTask;

    /// <summary>May throw, at once: the log does not answer.</summary>
    public Action BeforeRead { get; set; } = static () => { };

    public int Appends { get; private set; }

    public async ValueTask<AppendResult> AppendAsync(string stream, LogHead head, Entry entry, CancellationToken cancellationToken = default)
    {
        Appends++;
        await Before(entry);
        var result = await log.AppendAsync(stream, head, entry, cancellationToken);
        await After(entry);
        return result;
    }

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default)
    {
        BeforeRead();
        return log.ReadAsync(stream, after, max, cancellationToken);
    }

    public ValueTask<AppendResult> RestoreAsync(string stream, LogSnapshot? snapshot, LogHead? before, IReadOnlyList<Entry> entries, CancellationToken cancellationToken = default) =>
        log.RestoreAsync(stream, snapshot, before, entries, cancellationToken);

    public ValueTask<LogSnapshot?> GetSnapshotAsync(string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default) =>
        log.GetSnapshotAsync(stream, notAfterMs, cancellationToken);

    public ValueTask<bool> PutSnapshotAsync(string stream, LogHead last, LogSnapshot snapshot, CancellationToken cancellationToken = default) =>
        log.PutSnapshotAsync(stream, last, snapshot, cancellationToken);

    public ValueTask<bool> DeleteAsync(string stream, LogHead? head, CancellationToken cancellationToken = default) => log.DeleteAsync(stream, head, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken = default) => log.ListAsync(cancellationToken);

    public ValueTask DisposeAsync() => log.DisposeAsync();
}
