using StackExchange.Redis;

namespace Interactions.Silo.Hosting;

/// <summary>The connection by which Orleans reads and writes the list of silos.</summary>
internal sealed class MembershipConnection
{
    private readonly TaskCompletionSource<IConnectionMultiplexer> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IConnectionMultiplexer> Made => _made.Task;

    public void Set(IConnectionMultiplexer connection) => _made.TrySetResult(connection);
}
