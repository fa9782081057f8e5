using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>
/// Two silos and three frontends, viewers at each frontend and one that goes from one to the next, load over all, one fault; and then
/// the same check for every fault: nothing lost, nothing repeated, every viewer and every frontend with the same account.
/// </summary>
internal sealed class FaultRun : IAsyncDisposable
{
    /// <summary>Of the processes.</summary>
    public static readonly string[] Settings = ["--Limits:InteractionsPerSecondPerUser", "100000", "--Limits:DrainSeconds", "2"];

    private static readonly TimeSpan Patience = Busy.Patience;

    private readonly List<(string Name, ServiceProcess? Node, SseViewer Viewer)> _viewers = [];
    private readonly List<Client> _clients = [];
    private readonly List<TapLoad> _taps = [];
    private readonly List<KeyedLoad> _keyed = [];
    private readonly CancellationTokenSource _stop = new();
    private KeyedLoad _probe = null!;
    private Client[] _owner = [];
    private Task _load = Task.CompletedTask;

    private readonly int[] _outputBefore;

    private FaultRun(Cluster cluster, string stream)
    {
        (Cluster, Stream) = (cluster, stream);
        _outputBefore = [.. Silos.Select(silo => silo.Output.Length)];
    }

    public Cluster Cluster { get; }

    public string Stream { get; }

    public RedisProcess Redis => Cluster.Redis;

    /// <summary>Where clients connect.</summary>
    public ServiceProcess[] Nodes => Cluster.Nodes;

    public ServiceProcess[] Silos => Cluster.Silos;

    /// <summary>The viewer that knows every node.</summary>
    public SseViewer Roaming => _viewers[^1].Viewer;

    /// <summary>The stream's owner, at this node.</summary>
    public Client Owner(int node) => _owner[node];

    /// <summary>The longest that a sender waited to hear that the outcome is unknown.</summary>
    public TimeSpan LongestWait => _taps.Max(taps => taps.LongestWait);

    /// <summary>The longest that any viewer of the load was sent nothing, from before the fault until something sent after it had come.</summary>
    public TimeSpan LongestGap { get; private set; }

    public long Unanswered => _taps.Sum(taps => taps.Unanswered);

    /// <summary>Load before and after a fault; more with INTERACTIONS_FAULT_SECONDS.</summary>
    private static TimeSpan Around { get; } = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("INTERACTIONS_FAULT_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 1);

    /// <param name="stream">One that is not there yet.</param>
    public static async Task<FaultRun> BeginAsync(Cluster cluster, string stream)
    {
        var run = new FaultRun(cluster, stream);
        try
        {
            await run.BeginAsync();
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a silo wrote during this run.</summary>
    public string OutputOf(int silo) => Silos[silo].Output[_outputBefore[silo]..];

    /// <summary>Plays the fault and checks. Returns the row, which was told already.</summary>
    public async Task<FaultRow> PlayAsync(string fault, Func<Task> inject)
    {
        await UntilAsync(() => Task.FromResult(_taps.All(taps => taps.Acknowledged > 0)), "something acknowledged by every node");
        await Task.Delay(Around);
        foreach (var (_, _, viewer) in _viewers) viewer.Ledger.BeginGap();
        await inject();
        var since = Stopwatch.GetTimestamp();
        await ProbeAsync();
        var recovered = Stopwatch.GetElapsedTime(since);
        await Task.Delay(Around);
        LongestGap = _viewers.Max(viewer => viewer.Viewer.Ledger.LongestGap);

        await _stop.CancelAsync();
        await _load.WaitAsync(Patience);
        foreach (var keyed in _keyed) await keyed.SettleAsync();

        // What a node still tries to append comes before this.
        await ProbeAsync();
        return await CheckAsync(fault, recovered);
    }

    /// <summary>Waits until a node answers this at <c>/readyz</c>.</summary>
    public Task ReadinessAsync(ServiceProcess node, int status) => UntilAsync(async () => await node.ReadinessAsync() == status, $"/readyz {status}");

    /// <summary>No node ended, so no viewer had to come back.</summary>
    public void AssertNobodyWasCutOff() => Assert.All(_viewers, viewer => Assert.True(viewer.Viewer.Connections == 1, $"The viewer of {viewer.Name} was cut off."));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var (_, _, viewer) in _viewers) await viewer.DisposeAsync();
        await _load.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default); // a run that failed told why
        foreach (var client in _clients) client.Dispose();
        _stop.Dispose();
    }

    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience) throw new TimeoutException($"Did not come within {Patience}: {what}.");
            await Task.Delay(20);
        }
    }

    private async Task BeginAsync()
    {
        _owner = await SignInAsync("owner", "broadcaster");
        await _owner[0].GoLiveAsync(Stream, new { reactions = new[] { TapLoad.Kind, KeyedLoad.Kind } });
        foreach (var node in Nodes)
        {
            // Nodes hear of a new stream a moment later.
            await UntilAsync(async () => (await _owner[Array.IndexOf(Nodes, node)].GetAsync($"streams/{Stream}")).Status == 200, "the stream at every node");
            _viewers.Add(($"node {_viewers.Count + 1}", node, new SseViewer(node, Stream)));
        }

        _viewers.Add(("every node", null, new SseViewer(Nodes, Stream)));
        foreach (var (name, _, viewer) in _viewers) await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots > 0, $"a snapshot at {name}");

        // A fold shows the newest 2,000 comments, and all of them are looked at in the end.
        var commentEvery = Math.Max(4, (int)(Around.TotalSeconds / 4));
        for (var node = 0; node < Nodes.Length; node++)
        {
            for (var i = 0; i < 3; i++) _taps.Add(new(Stream, await SignInAsync($"t{node}-{i}"), node, TimeSpan.FromMilliseconds(20)));
            _keyed.Add(new(Stream, await SignInAsync($"k{node}"), node, TimeSpan.FromMilliseconds(20), commentEvery));
        }

        _probe = new(Stream, await SignInAsync("probe"), 0, TimeSpan.Zero, 1);
        _load = Task.WhenAll([.. _taps.Select(taps => taps.RunAsync(_stop.Token)), .. _keyed.Select(keyed => keyed.RunAsync(_stop.Token))]);
    }

    private async Task<Client[]> SignInAsync(string user, string role = "viewer")
    {
        var first = await Client.SignInAsync(Nodes[0], user, role);
        Client[] clients = [first, .. Nodes.Skip(1).Select(node => Client.WithToken(node, first.Token!))];
        _clients.AddRange(clients);
        return clients;
    }

    private async Task ProbeAsync()
    {
        for (var node = 0; node < Nodes.Length; node++)
        {
            if (!Nodes[node].IsRunning) continue;
            var id = await _probe.CommentAsync(node);
            foreach (var (name, _, viewer) in Living()) await viewer.Ledger.UntilAsync(ledger => ledger.HasComment(id), $"comment {id} at {name}");
        }
    }

    private IEnumerable<(string Name, ServiceProcess? Node, SseViewer Viewer)> Living() => _viewers.Where(viewer => viewer.Node is null or { IsRunning: true });

    private async Task<FaultRow> CheckAsync(string fault, TimeSpan recovered)
    {
        var living = Enumerable.Range(0, Nodes.Length).Where(node => Nodes[node].IsRunning).Select(node => _owner[node]).ToArray();
        var totals = (await SameAsync(living)).GetProperty("totals");
        var (counted, keyed) = (totals.GetProperty(TapLoad.Kind).GetInt64(), totals.GetProperty(KeyedLoad.Kind).GetInt64());
        var acknowledged = _taps.Sum(taps => taps.Acknowledged);
        var acknowledgedKeyed = _keyed.Sum(load => load.Acknowledged);
        var told = _keyed.Append(_probe).SelectMany(load => load.IdOfText).ToDictionary();
        var comments = await CommentsAsync(living[0]);
        var found = comments.GroupBy(comment => comment.Text).ToDictionary(group => group.Key, group => group.First().Id);

        var row = new FaultRow(
            fault,
            acknowledged + acknowledgedKeyed + told.Count,
            counted + keyed + comments.Count,
            Unanswered,
            _keyed.Append(_probe).Sum(load => load.Retries),
            Math.Max(0, acknowledged - counted) + Math.Max(0, acknowledgedKeyed - keyed) + told.Keys.Except(found.Keys).Count(),
            Math.Max(0, counted - acknowledged - Unanswered) + Math.Max(0, keyed - acknowledgedKeyed) + (comments.Count - found.Count),
            recovered);
        row.Tell();

        Assert.True((row.Lost, row.Repeated) == (0, 0), $"{row}\n{Logs()}");
        Assert.Equal(told.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
        foreach (var other in living.Skip(1)) Assert.Equal(comments, await CommentsAsync(other));
        foreach (var (name, _, viewer) in Living())
        {
            var ledger = viewer.Ledger;
            await ledger.UntilAsync(l => l.Total(TapLoad.Kind) == counted && l.Total(KeyedLoad.Kind) == keyed, $"the totals {totals} at {name}");
            ledger.AssertBalanced();
            ledger.AssertComments([.. comments.Select(comment => comment.Id)]);
        }

        return row;
    }

    // The nodes' snapshots, when they stand at the same position.
    private async Task<JsonElement> SameAsync(Client[] nodes)
    {
        JsonElement[] snapshots = [];
        await UntilAsync(
            async () =>
            {
                snapshots = await Task.WhenAll(nodes.Select(node => node.SnapshotAsync(Stream)));
                return snapshots.Select(snapshot => snapshot.GetProperty("position").GetString()).Distinct().Count() == 1;
            },
            "every node at the same position");
        Assert.Single(snapshots.Select(snapshot => snapshot.GetProperty("totals").ToString()).Distinct());
        return snapshots[0];
    }

    private async Task<List<(string Id, string Text)>> CommentsAsync(Client client)
    {
        List<(string Id, string Text)> comments = [];
        while (true)
        {
            var path = $"streams/{Stream}/comments?limit=500" + (comments.Count == 0 ? "" : "&before=" + comments[0].Id);
            var page = (await client.GetAsync(path)).Expect(200).GetProperty("comments").EnumerateArray()
                .Select(comment => (comment.GetProperty("id").GetString()!, comment.GetProperty("text").GetString()!)).ToArray();
            if (page.Length == 0) return comments;
            comments.InsertRange(0, page);
        }
    }

    private string Logs() => string.Join('\n', Nodes.Concat(Silos).Distinct().Select((process, i) => $"--- process {i + 1}\n{process.Output}"));
}
