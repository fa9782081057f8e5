using Interactions.Contracts.Grains;

namespace Interactions.Tests.Frontend.Feeds;

/// <summary>A silo's grain in memory.</summary>
internal sealed class FakeSilo(FakeGrains grains) : ISiloGrain
{
    private int _renewed;

    public bool IsAway { get; set; }

    public List<FeedHead> Heads { get; } = [];

    public int Renewed => Volatile.Read(ref _renewed);

    public string? Left { get; private set; }

    /// <summary>The last call's.</summary>
    public LeaseRequest? Request { get; private set; }

    public Task<LeaseAnswer> RenewAsync(LeaseRequest request)
    {
        Request = request;
        if (IsAway) return Task.FromException<LeaseAnswer>(new TimeoutException("The silo does not answer."));
        Interlocked.Increment(ref _renewed);
        return Task.FromResult(new LeaseAnswer(grains.Version, grains.Active, [.. Heads]));
    }

    public Task LeaveAsync(string frontend)
    {
        Left = frontend;
        return Task.CompletedTask;
    }

    public Task<byte> RulesAsync() => Task.FromResult<byte>(1);

    public Task<bool> IsGoneAsync(string silo) => Task.FromResult(false);
}
