using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Interactions;
using Interactions.Frontend.Feeds;
using Interactions.Silo.Grains;
using Interactions.Silo.Logs.Memory;
using Interactions.Tests.Silo.Grains;

namespace Interactions.Tests.Frontend.Fanout;

/// <summary>One live stream in this process, and the silo that it is on, without Orleans: for frontends to watch and to send to.</summary>
internal sealed class LocalGrains : IGrains, IClusterGrain, ISiloGrain, IAsyncDisposable
{
    public const string SiloAddress = "local";

    private readonly MemoryLog _log = new();
    private readonly FrontendLeases _leases = new(SiloAddress, TimeProvider.System);
    private Activation _activation = null!;
    private IFeedObserver? _observer;
    private long _sequence;

    private LocalGrains()
    {
    }

    public string Id => _activation.Stream.Id;

    public event Action? SilosChanged
    {
        add { }
        remove { }
    }

    public IClusterGrain Cluster => this;

    public static async Task<LocalGrains> StartAsync()
    {
        var grains = new LocalGrains();
        grains._activation = await Activation.LoadAsync(grains._log, leases: grains._leases);
        await grains._activation.InTurnAsync(stream => stream.AddAsync(new Configured("owner", 42, new SettingsPatch())));
        await grains._activation.InTurnAsync(stream => stream.AddAsync(new StatusSet(StreamStatus.Live)));
        return grains;
    }

    public static Submitted Like(int count = 1) => new("ada", "Ada", false, 0, new Reaction("like", count));

    public static Submitted Say(string text, string user = "ada") => new(user, user, false, 0, new Comment(text, null));

    public static Submitted Moderate(Interaction interaction) => new("mod", "Mod", true, 0, interaction);

    /// <summary>As another frontend would send it; all are accepted.</summary>
    public async Task SendAsync(params BatchItem[] items)
    {
        var answer = await _activation.SendAsync("another", Interlocked.Increment(ref _sequence), items);
        if (answer.Code != Code.Accepted || !answer.Results.All(result => result.IsAccepted)) throw new InvalidOperationException("It was not accepted.");
    }

    /// <summary>What the stream's grain tells those who subscribe when nothing more follows.</summary>
    public void End(FeedEndReason reason) => _observer!.Ended(new FeedEnd(Id, _activation.Stream.Creation, reason));

    public IStreamGrain Stream(string id) => id == Id ? new LocalStream(_activation) : throw new ArgumentException($"There is no stream {id} here.");

    public ISiloGrain Silo(string address) => this;

    public IDirectoryGrain Directory(int partition) => throw new NotSupportedException();

    public IFeedObserver Reference(IFeedObserver observer) => _observer = observer;

    public Task<SilosAnswer> SilosAsync() => Task.FromResult(new SilosAnswer(1, [SiloAddress]));

    public Task<bool> ProbeAsync() => Task.FromResult(true);

    public Task<LeaseAnswer> RenewAsync(LeaseRequest request)
    {
        if (_leases.Renew(request.Frontend, request.Received) is { } mark) request.Observer.Marked(mark);
        return Task.FromResult(new LeaseAnswer(1, [SiloAddress], _leases.Take(request.Frontend)));
    }

    public Task<bool> IsGoneAsync(string silo) => Task.FromResult(false);

    public Task LeaveAsync(string frontend)
    {
        _leases.Left(frontend);
        return Task.CompletedTask;
    }

    public Task<byte> RulesAsync() => Task.FromResult<byte>(1);

    public async ValueTask DisposeAsync()
    {
        _leases.Dispose();
        _activation.Dispose();
        await _log.DisposeAsync();
    }
}
