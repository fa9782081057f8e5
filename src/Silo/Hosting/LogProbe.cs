using Interactions.Contracts;
using Interactions.Silo.Directories;
using Interactions.Silo.Logs;

namespace Interactions.Silo.Hosting;

/// <summary>Asks the log whether it answers. Anyone may ask, so all who do within 50 ms get one answer. Safe for any thread.</summary>
internal sealed class LogProbe(LogServers logs, TimeProvider time)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private Task<bool> _last = Task.FromResult(false);
    private long? _endedAt;

    public Task<bool> AskAsync()
    {
        lock (_gate)
        {
            if (!_last.IsCompleted || (_endedAt is { } ended && time.GetElapsedTime(ended) < Apart)) return _last;
            return _last = LookAsync();
        }
    }

    private async Task<bool> LookAsync()
    {
        using var late = new CancellationTokenSource(Within, time);
        try
        {
            await Task.Run(() => logs.First.ReadAsync(DirectoryLog.NameOf(0), Position.Start, 0, late.Token).AsTask(), late.Token).WaitAsync(Within, time);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
        finally
        {
            lock (_gate) _endedAt = time.GetTimestamp();
        }
    }
}
