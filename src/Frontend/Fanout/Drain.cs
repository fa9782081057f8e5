using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// The end of a frontend: not ready and taking no viewers at once, every viewer told goodbye with a time to come back at,
/// connections closed at a steady pace. Requests under way finish.
/// </summary>
internal sealed class Drain(Rooms rooms, Draining draining, LimitOptions limits, IHostApplicationLifetime lifetime, TimeProvider time) : IHostedService
{
    /// <summary>A few viewers need not wait for the whole of <c>Limits:DrainSeconds</c>: nobody is hurt by this pace.</summary>
    private const int SlowestPerSecond = 20;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // On ApplicationStopping, because Kestrel waits for open connections before hosted services stop.
        lifetime.ApplicationStopping.Register(() => RunAsync().GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Another for each viewer, so that they come back apart.</summary>
    public static int ReconnectInMs() => Random.Shared.Next(500, 3000);

    /// <summary>How long so many viewers take to be sent away.</summary>
    internal static TimeSpan Spread(int viewers, LimitOptions limits) =>
        TimeSpan.FromSeconds(Math.Min(limits.DrainSeconds, viewers / (double)SlowestPerSecond));

    internal async Task RunAsync()
    {
        draining.Begin();
        var cursors = Members();
        Random.Shared.Shuffle(cursors);
        var spread = Spread(cursors.Length, limits);
        var started = time.GetTimestamp();
        var sent = 0;
        while (sent < cursors.Length)
        {
            // Whatever is due by now: steps keep the pace steady also where timers are coarser than it.
            var due = spread == TimeSpan.Zero ? cursors.Length : (int)Math.Min(cursors.Length, 1 + (cursors.Length * (time.GetElapsedTime(started) / spread)));
            for (; sent < due; sent++) SayGoodbye(cursors[sent]);
            if (sent < cursors.Length) await Task.Delay(Step, time);
        }
    }

    private static void SayGoodbye(Cursor cursor) => cursor.End(CloseReason.GoingAway, ReconnectInMs());

    private Cursor[] Members() => [.. rooms.All().SelectMany(room => room.Members())];
}
