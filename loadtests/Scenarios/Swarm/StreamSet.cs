using Interactions.Contracts;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>The live streams of a run, one or thousands; on every address where there are several.</summary>
internal sealed class StreamSet : IDisposable
{
    private const int AtOnce = 32;

    /// <summary>One user may create 60 in a minute (Limits:StreamsPerMinutePerUser).</summary>
    private const int StreamsPerBroadcaster = 50;

    /// <summary>Of thousands of streams so many are compared with what was accepted; viewers compare all.</summary>
    private const int MostCompared = 200;

    private readonly ServiceClient[] _services;
    private readonly string[] _ids;
    private readonly string _token;

    private StreamSet(ServiceClient[] services, string name, int count, string token)
    {
        (_services, Name, _token) = (services, name, token);
        _ids = [.. Enumerable.Range(0, count).Select(i => SwarmPlan.StreamId(name, count, i))];
    }

    /// <summary>The stream's id, or what their ids begin with.</summary>
    public string Name { get; }

    public ServiceClient Service => _services[0];

    public static async Task<StreamSet> CreateAsync(ScenarioContext context, string scenario, int count, CancellationToken cancellationToken)
    {
        var services = context.ConnectAll();
        var name = context.StreamId(scenario);
        var tokens = new string[((count - 1) / StreamsPerBroadcaster) + 1];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = await services[0].TokenAsync($"load-{Epochs.New()}", "admin", cancellationToken);
        var set = new StreamSet(services, name, count, tokens[0]);
        try
        {
            var settings = new { title = $"Load test: {scenario}", reactions = new[] { "like" }, tap = true, slowModeSeconds = 0, roster = false };
            foreach (var service in services)
                await set.ForEachAsync((id, i) => service.StartStreamAsync(id, settings, tokens[i / StreamsPerBroadcaster], cancellationToken), cancellationToken);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>How many streams (of those that are asked) have another total than <paramref name="likes"/>.</summary>
    public async Task<int> CountedOtherThanAsync(long[] likes, CancellationToken cancellationToken)
    {
        var others = 0;
        for (var i = 0; i < Math.Min(_ids.Length, MostCompared); i++)
        {
            if (await LikesAsync(i, cancellationToken) != likes[i]) others++;
        }

        return others;
    }

    public async Task<long> LikesAsync(int stream, CancellationToken cancellationToken) =>
        (await Service.TotalsAsync(_ids[stream], _token, cancellationToken)).GetValueOrDefault("like");

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _services) await ForEachAsync((id, _) => service.EndStreamAsync(id, _token, cancellationToken), cancellationToken);
    }

    public void Dispose()
    {
        foreach (var service in _services) service.Dispose();
    }

    private Task ForEachAsync(Func<string, int, Task> act, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        _ids.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (one, _) => await act(one.Item, one.Index));
}
