using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>
/// How many live connections an address and a user have open on this node. An IPv6 address counts with all others of its
/// /64, which is what one subscriber is given. Nothing is kept while no cap is set. Safe for concurrent callers.
/// </summary>
internal sealed class ConnectionCaps(LimitOptions limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _addresses = [];
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);

    /// <param name="user">Null: nobody has said who they are; only the address counts.</param>
    /// <param name="permit">When let in: null while no cap is set that could count.</param>
    /// <param name="problem">When not: why.</param>
    public bool TryTake(IPAddress? address, string? user, out ConnectionPermit? permit, out string problem)
    {
        (permit, problem) = (null, "");
        UInt128? network = limits.ConnectionsPerAddress > 0 && address is not null ? Network(address) : null;
        if (limits.ConnectionsPerUser == 0) user = null;
        if (network is null && limits.ConnectionsPerUser == 0) return true;
        lock (_lock)
        {
            problem = "This address has too many connections open.";
            if (network is { } n && _addresses.GetValueOrDefault(n) >= limits.ConnectionsPerAddress) return false;
            problem = "This user has too many connections open.";
            if (user is not null && _users.GetValueOrDefault(user) >= limits.ConnectionsPerUser) return false;
            if (network is { } taken) CollectionsMarshal.GetValueRefOrAddDefault(_addresses, taken, out _)++;
            if (user is not null) CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out _)++;
        }

        permit = new ConnectionPermit(this, network, user);
        return true;
    }

    /// <summary>Counts a connection that was nobody's as this user's from now on.</summary>
    internal bool TrySignIn(ConnectionPermit permit, string user)
    {
        if (limits.ConnectionsPerUser == 0) return true;
        lock (_lock)
        {
            if (permit.IsReturned || permit.User is not null) return permit.User == user;
            if (_users.GetValueOrDefault(user) >= limits.ConnectionsPerUser) return false;
            CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out _)++;
            permit.User = user;
            return true;
        }
    }

    internal void Return(ConnectionPermit permit)
    {
        lock (_lock)
        {
            if (permit.IsReturned) return;
            permit.IsReturned = true;
            if (permit.Address is { } n && --CollectionsMarshal.GetValueRefOrAddDefault(_addresses, n, out _) <= 0) _addresses.Remove(n);
            if (permit.User is { } user && --CollectionsMarshal.GetValueRefOrAddDefault(_users, user, out _) <= 0) _users.Remove(user);
        }
    }

    /// <summary>What an address counts as.</summary>
    internal static UInt128 Network(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address = address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address;
        address.TryWriteBytes(bytes, out _);
        var all = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.IsIPv4MappedToIPv6 ? all : all >> 64 << 64;
    }
}
