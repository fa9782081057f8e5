using Interactions.Frontend.Fanout;

namespace Interactions.Frontend.Admission;

/// <summary>
/// The end of a node: not ready at once, every viewer told goodbye with a time to come back at, connections closed at a
/// steady pace. Requests under way finish; the log closes last.
/// </summary>
internal sealed class Drain(Rooms rooms, LimitOptions limits, IHostApplicationLifetime lifetime, TimeProvider time) : IHostedService
{
    /// <summary>Few viewers need not wait for the whole time.</summary>
    private const int ClosesPerSecond = 1000;

    public bool IsDraining { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // On ApplicationStopping, because Kestrel waits for open connections before hosted services stop.
        lifetime.ApplicationStopping.Register(() => RunAsync().GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Another for each viewer, so that they come back apart.</summary>
    public static int ReconnectInMs() => Random.Shared.Next(500, 3000);

    private async Task RunAsync()
    {
        IsDraining = rooms.TurnsAway = true;
        Cursor[] cursors = [.. rooms.All().SelectMany(room => room.Members())];
        Random.Shared.Shuffle(cursors);
        var spread = TimeSpan.FromSeconds(Math.Min(limits.DrainSeconds, cursors.Length / (double)ClosesPerSecond));
        var started = time.GetTimestamp();
        for (var i = 0; i < cursors.Length; i++)
        {
            var wait = (spread * ((double)i / cursors.Length)) - time.GetElapsedTime(started);
            if (wait > TimeSpan.FromMilliseconds(5)) await Task.Delay(wait, time);
            cursors[i].End(CloseReason.GoingAway, ReconnectInMs());
        }
    }
}
