using System.Collections.Concurrent;
using Interactions.Contracts.Grains;
using Interactions.Frontend.Feeds;

namespace Interactions.Tests.Frontend.Feeds;

/// <summary>A cluster in memory. A stream that no test has made is not there.</summary>
internal sealed class FakeGrains : IGrains, IClusterGrain
{
    private readonly ConcurrentDictionary<string, FakeStream> _streams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FakeSilo> _silos = new(StringComparer.Ordinal);

    public event Action? SilosChanged;

    public long Version { get; set; } = 1;

    public IReadOnlyList<string> Active { get; set; } = ["silo-1"];

    public IClusterGrain Cluster => this;

    public FakeStream Add(string id) => _streams[id] = new FakeStream(id);

    public FakeSilo SiloOf(string address) => _silos.GetOrAdd(address, _ => new FakeSilo(this));

    public IStreamGrain Stream(string id) => _streams.GetOrAdd(id, _ => new FakeStream(id) { Code = Interactions.Contracts.Code.NotFound });

    public ISiloGrain Silo(string address) => SiloOf(address);

    public IDirectoryGrain Directory(int partition) => throw new NotSupportedException();

    public IFeedObserver Reference(IFeedObserver observer) => observer;

    /// <summary>A connection to a silo broke.</summary>
    public void BreakConnection() => SilosChanged?.Invoke();

    public Task<SilosAnswer> SilosAsync() => Task.FromResult(new SilosAnswer(Version, Active));

    public Task<bool> ProbeAsync() => Task.FromResult(true);
}
