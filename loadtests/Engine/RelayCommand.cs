using System.Globalization;

namespace Interactions.Engine;

/// <summary>
/// A model of one stream on one core with more and more frontends. Work is what <c>paths</c> and <c>tick</c> measured: a call, a push,
/// a batch and an entry cost that much of the silo's processor. The writer loop is <c>LiveStream</c>'s: a tick begins 5 ms after
/// the last, later when that took more than half of the time, 50 ms at the most, and never before the work is done.
/// </summary>
internal static class RelayCommand
{
    private const double ShortestUs = 5_000;
    private const double LongestUs = 50_000;
    private const double LinkUs = 500;

    public static int Run(Numbers options)
    {
        var cost = new Cost(options["push-us", 15], options["call-us", 60], options["batch-us", 8], options["entry-us", 300]);
        var senders = options["senders-percent", 10] / 100.0;
        var seconds = options["seconds", 20];
        Console.WriteLine($"a push {cost.PushUs} µs, a call {cost.CallUs} µs, a batch in it {cost.BatchUs} µs, an entry {cost.EntryUs} µs; {senders:P0} of the frontends have something for every tick");
        Console.WriteLine("| frontends | direct: entries a second | core | arrived to last pushed p50 ms | p99 | relays | entries a second | the grain's core | a relay's | p50 ms | p99 |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        int? slower = null, lastsLonger = null, full = null;
        foreach (var frontends in new[] { 10, 25, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000 })
        {
            var direct = Play(frontends, frontends * senders, frontends * senders, cost, seconds);
            var relays = (int)Math.Ceiling(Math.Sqrt(frontends));
            var each = (double)frontends / relays;
            var top = Play(relays, Math.Min(relays, frontends * senders), frontends * senders, cost, seconds);

            // A relay hands on what it is pushed at once, and keeps one call to the grain under way.
            var relayUs = cost.PushUs + (each * cost.PushUs) + (Math.Max(1, each * senders) * cost.CallUs);
            var hopMs = ((each * cost.PushUs) + LinkUs) / 1000;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {frontends} | {direct.Entries:F0} | {direct.Core:P0} | {direct.P50Ms:F1} | {direct.P99Ms:F1} | {relays} | {top.Entries:F0} | {top.Core:P0} | {relayUs * top.Entries / 1e6:P0} | {top.P50Ms + hopMs:F1} | {top.P99Ms + hopMs:F1} |"));
            if (direct.Entries < 195) slower ??= frontends;
            if (direct.P99Ms > top.P99Ms + hopMs) lastsLonger ??= frontends;
            if (direct.Core > 0.99) full ??= frontends;
        }

        Console.WriteLine($"fewer than 200 entries a second from {slower} frontends; relays are faster at p99 from {lastsLonger}; the core is full at {full}");
        return 0;
    }

    private static Outcome Play(int receivers, double calls, double batches, Cost cost, int seconds)
    {
        var random = new Random(1);
        var (begin, last, entries, busy) = (0.0, 0.0, 0, 0.0);
        List<double> latencies = [];
        while (begin < seconds * 1e6)
        {
            // Calls came while the tick was awaited; each is handled before it.
            var work = (calls * cost.CallUs) + (batches * cost.BatchUs) + cost.EntryUs + (receivers * cost.PushUs);
            for (var i = 0; i < 10; i++)
            {
                var arrived = last + (random.NextDouble() * (begin - last));
                latencies.Add((begin + work + LinkUs - arrived) / 1000);
            }

            (entries, busy) = (entries + 1, busy + work);
            var interval = Math.Clamp(2 * work, ShortestUs, LongestUs);
            last = begin;
            begin += Math.Max(interval, work);
        }

        var sorted = latencies.Order().ToArray();
        return new Outcome(entries / (begin / 1e6), busy / begin, Sorted.Percentile(sorted, 50), Sorted.Percentile(sorted, 99));
    }

    private sealed record Cost(double PushUs, double CallUs, double BatchUs, double EntryUs);

    private sealed record Outcome(double Entries, double Core, double P50Ms, double P99Ms);
}
