using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>
/// Several independent stores as one log. A stream stays on the store that was chosen when it was created, so adding a
/// store moves nothing. The service's own streams are on the first store, which therefore has to stay the first.
/// </summary>
/// <param name="stores">By name, in the order of the setting; at least one.</param>
/// <param name="locate">The name of a stream's store as the directory remembers it; null if it does not know the stream.</param>
public sealed class PlacedLog(IReadOnlyList<KeyValuePair<string, IStreamLog>> stores, Func<string, string?> locate) : IStreamLog
{
    public bool IsShared => stores[0].Value.IsShared;

    /// <summary>Rendezvous hashing: the store with the highest hash of its name and the stream's.</summary>
    public string Place(string stream) => stores.MaxBy(store => Weight(store.Key, stream)).Key;

    public long? StoreClockMs(string stream) => StoreOf(stream).StoreClockMs(stream);

    public ValueTask<AppendResult> AppendAsync(string stream, AppendRequest request, CancellationToken cancellationToken = default) =>
        StoreOf(stream).AppendAsync(stream, request, cancellationToken);

    public ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default) =>
        StoreOf(stream).ReadAsync(stream, after, max, cancellationToken);

    public IAsyncEnumerable<Entry> TailAsync(string stream, Position after, CancellationToken cancellationToken = default) =>
        StoreOf(stream).TailAsync(stream, after, cancellationToken);

    public ValueTask<LogSnapshot?> GetSnapshotAsync(string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default) =>
        StoreOf(stream).GetSnapshotAsync(stream, notAfterMs, cancellationToken);

    public ValueTask<bool> PutSnapshotAsync(string stream, LogSnapshot snapshot, CancellationToken cancellationToken = default) =>
        StoreOf(stream).PutSnapshotAsync(stream, snapshot, cancellationToken);

    public ValueTask DeleteAsync(string stream, CancellationToken cancellationToken = default) => StoreOf(stream).DeleteAsync(stream, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, store) in stores) await store.DisposeAsync();
    }

    private static ulong Weight(string store, string stream) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{store}\n{stream}")));

    private IStreamLog StoreOf(string stream)
    {
        if (StreamIds.IsOwn(stream)) return stores[0].Value;
        var name = locate(stream) ?? Place(stream);
        foreach (var (known, store) in stores)
        {
            if (known == name) return store;
        }

        throw new LogUnavailableException($"Stream {stream} is kept on {name}, which is not among this node's stores.");
    }
}
