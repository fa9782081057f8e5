using Interactions.Contracts.Directory;
using Interactions.Contracts.Grains;
using Interactions.Silo.Hosting;
using Orleans.Concurrency;

namespace Interactions.Silo.Grains;

/// <summary>
/// Knows which streams a user owns: those of the directory, asked when it begins, and those that are being created. A creation whose
/// outcome was unknown may hold a place in vain, so before it refuses it asks again.
/// </summary>
[Reentrant, CollectionAgeLimit(Minutes = 15)]
internal sealed class UserGrain(SiloOptions options, TimeProvider time) : Grain, IUserGrain
{
    /// <summary>By then a creation is in the directory, or never will be.</summary>
    private static readonly TimeSpan CreatedWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, long> _reserved = new(StringComparer.Ordinal);
    private HashSet<string> _owned = [];
    private long _askedAt;
    private Task? _asking;

    public override Task OnActivateAsync(CancellationToken cancellationToken) => AskAsync();

    public async Task<bool> TryReserveAsync(string stream)
    {
        if (!HasRoom(stream) && time.GetElapsedTime(_askedAt) > AskedAgainAfter) await (_asking ??= AskAsync());
        if (!HasRoom(stream)) return false;
        _reserved[stream] = time.GetTimestamp();
        return true;
    }

    public Task ReleaseAsync(string stream)
    {
        _reserved.Remove(stream);
        _owned.Remove(stream);
        return Task.CompletedTask;
    }

    private bool HasRoom(string stream) =>
        _owned.Contains(stream) || _reserved.ContainsKey(stream) || _owned.Count + _reserved.Keys.Count(id => !_owned.Contains(id)) < options.StreamsPerUser;

    private async Task AskAsync()
    {
        try
        {
            var user = this.GetPrimaryKeyString();
            var answers = await Task.WhenAll(Enumerable.Range(0, DirectoryPartitions.Count)
                .Select(partition => GrainFactory.GetGrain<IDirectoryGrain>(partition).OwnedByAsync(user)));
            _owned = answers.SelectMany(ids => ids).ToHashSet(StringComparer.Ordinal);
            _askedAt = time.GetTimestamp();
            foreach (var (stream, since) in _reserved.ToArray())
            {
                if (time.GetElapsedTime(since) > CreatedWithin) _reserved.Remove(stream);
            }
        }
        finally
        {
            _asking = null;
        }
    }
}
