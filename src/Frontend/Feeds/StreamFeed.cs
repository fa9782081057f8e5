using System.Diagnostics;
using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Views;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// A stream that this frontend subscribes to: a copy of what viewers may see, kept at the head by what the stream's grain pushes.
/// Safe for concurrent callers.
/// </summary>
internal sealed class StreamFeed(string id)
{
    public string Id { get; } = id;

    /// <summary>Names the creation, for an id may be used again after a deletion.</summary>
    public ulong Creation { get; }

    /// <summary>What decides who may do what, as the view shows it.</summary>
    public StreamInfo Info => throw new NotImplementedException();

    /// <summary>Where the view stands.</summary>
    public Position Head => throw new NotImplementedException();

    /// <summary>True once nothing follows; open the stream anew.</summary>
    public bool IsEnded => throw new NotImplementedException();

    /// <summary>Reads view and ring, which stand at the same position. Keep it short: what was pushed waits.</summary>
    public T Read<T>(Func<StreamView, EffectRing, T> read) => throw new NotImplementedException();

    /// <summary>The one who is told when the feed moves or ends; null to stop. A feed that has ended says so at once.</summary>
    public void Observe(IFeedListener? listener) => throw new NotImplementedException();

    /// <summary>A viewer connected; <paramref name="user"/> is null for anonymous ones.</summary>
    public void Join(string? user, string? name) => throw new NotImplementedException();

    /// <summary>A viewer who joined without a name is this user.</summary>
    public void SignIn(string user, string? name) => throw new NotImplementedException();

    public void Leave(string? user) => throw new NotImplementedException();

    /// <summary>Where the trace stands of the newest entry that is traced; a second call answers none. For the frame that shows it.</summary>
    public ActivityContext TakeTrace() => throw new NotImplementedException();
}
