using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// Keeps the directory and the streams at one: finishes changes that were begun and left, and corrects the row of an
/// open stream that shows something else. Each node does this; that several do the same changes nothing.
/// </summary>
internal sealed partial class Reconciling : IAsyncDisposable
{
    private readonly StreamDirectory _directory;
    private readonly StreamChanges _changes;
    private readonly ILogger _logger;
    private readonly TimeSpan _leaveAlone;
    private readonly HashSet<string> _damaged = new(StringComparer.Ordinal);
    private volatile bool _stopping;
    private Task _finishing = Task.CompletedTask;

    public Reconciling(StreamDirectory directory, StreamChanges changes, bool isShared, ILogger logger)
    {
        (_directory, _changes, _logger) = (directory, changes, logger);

        // Nodes look at different times, so that as a rule one of them is first and the others find it done.
        _leaveAlone = TimeSpan.FromSeconds(isShared ? 10 + (2 * Random.Shared.NextDouble()) : 10);
    }

    /// <summary>Begins to finish what was left, unless that is under way.</summary>
    public void Begin()
    {
        if (!_stopping && _finishing.IsCompleted && _directory.Unfinished(_leaveAlone).Count > 0) _finishing = FinishAsync(_leaveAlone);
    }

    /// <summary>Finishes what was begun so long ago and left. What can't be finished now is tried again later.</summary>
    public async Task FinishAsync(TimeSpan age)
    {
        foreach (var change in _directory.Unfinished(age))
        {
            if (_stopping) return;
            try
            {
                if (await _changes.SettleAsync(change)) LogFinished(_logger, change.Id);
                _damaged.Remove(change.Name);
            }
            catch (Exception failed)
            {
                _directory.Postpone(change);

                // It stays damaged until somebody repairs or deletes it, and to say so once is enough.
                if (failed is LogDamagedException && !_damaged.Add(change.Name)) continue;
                if (!_stopping) LogUnfinished(_logger, change.Id, failed is LogUnavailableException or LogFullException or LogDamagedException ? failed.Message : failed.ToString());
            }
        }
    }

    /// <summary>Compares an open stream with its row. What differs twice in a row is not just under way, and is corrected.</summary>
    public void Compare(OpenStream stream)
    {
        var differed = stream.IsListedWrongly;
        stream.IsListedWrongly = false;
        if (_stopping || stream.IsClosed || !_directory.IsOpen || stream.Listing is not { } shown || _directory.Find(stream.Id) is not { } row) return;
        if (shown == (row.Title, row.Status)) return;
        if (differed) _ = CorrectAsync(stream);
        else stream.IsListedWrongly = true;
    }

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await _finishing;
    }

    private async Task CorrectAsync(OpenStream stream)
    {
        try
        {
            await _changes.MirrorAsync(stream);
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogFullException or LogDamagedException)
        {
            // Compared again, and so tried again.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A change of {Stream} that was begun and left is finished")]
    private static partial void LogFinished(ILogger logger, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of {Stream} that was begun and left can't be finished now, and is tried again: {Reason}")]
    private static partial void LogUnfinished(ILogger logger, string stream, string reason);
}
