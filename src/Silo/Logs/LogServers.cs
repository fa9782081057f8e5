using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>
/// The independent stores that hold the streams. A stream stays on the store that was chosen when it was created, so adding a
/// store moves nothing. The first holds the directory and whatever was created while it was the only one: it has to stay the first.
/// </summary>
public sealed class LogServers : IAsyncDisposable
{
    private readonly IReadOnlyList<KeyValuePair<string, IStreamLog>> _servers;

    /// <summary>The only store; it has no name.</summary>
    public LogServers(IStreamLog log) : this([new("", log)])
    {
    }

    /// <param name="servers">By name, in the order of the setting; at least one.</param>
    public LogServers(IReadOnlyList<KeyValuePair<string, IStreamLog>> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentOutOfRangeException.ThrowIfZero(servers.Count, nameof(servers));
        _servers = servers;
        Names = [.. servers.Select(server => server.Key)];
    }

    public IStreamLog First => _servers[0].Value;

    /// <summary>In the order of the setting.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <param name="store">As <see cref="Place"/> chose it; null or empty = the first.</param>
    /// <exception cref="LogUnavailableException">It is not among them.</exception>
    public IStreamLog Of(string? store)
    {
        if (string.IsNullOrEmpty(store)) return First;
        foreach (var (name, log) in _servers)
        {
            if (name == store) return log;
        }

        throw new LogUnavailableException($"The log is on {store}, which is not among this silo's stores (Log:Redis).");
    }

    /// <summary>The store of a new stream, by rendezvous hashing: the one with the highest hash of its name and the stream's.</summary>
    /// <returns>Null when there is only one.</returns>
    public string? Place(string stream) => _servers.Count == 1 ? null : Names.MaxBy(name => Weight(name, stream));

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, log) in _servers) await log.DisposeAsync();
    }

    private static ulong Weight(string store, string stream) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{store}\n{stream}")));
}
