using System.Net;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>A connection until it is known what it wants: a peek decides, without a thread or a buffer that waits.</summary>
internal sealed class Arrival(LiveListener listener, IPEndPoint peer, ProxyOptions proxies) : IArrival, IThreadPoolWorkItem
{
    private readonly bool _isTrusted = proxies.Trusts(peer.Address);
    private LiveConnection? _connection;
    private bool _hasBegun;

    /// <summary>Who a trusted balancer says is there, else who connected.</summary>
    public IPEndPoint Client => Preamble?.Client ?? peer;

    public ProxyPreamble? Preamble { get; private set; }

    public RequestHead? Head { get; private set; }

    public void Look(LiveConnection connection, byte[] scratch)
    {
        while (true)
        {
            var seen = connection.Look(scratch);
            if (seen < 0) return;
            if (seen == 0)
            {
                connection.Close();
                return;
            }

            _hasBegun = true;
            if (Preamble is null && scratch[0] == '\r')
            {
                var isThere = ProxyPreamble.IsThere(scratch.AsSpan(0, seen));
                if (isThere is null) return;
                if (isThere.Value)
                {
                    // Whoever is not trusted could be speaking for anyone.
                    if (!_isTrusted || !ProxyPreamble.TryRead(scratch.AsSpan(0, seen), out var preamble))
                    {
                        connection.Abort();
                        return;
                    }

                    if (preamble is null) return;
                    connection.Receive(scratch.AsSpan(0, preamble.Length));
                    Preamble = preamble;
                    _hasBegun = false;
                    continue;
                }
            }

            Decide(connection, scratch, seen);
            return;
        }
    }

    public void Late(LiveConnection connection)
    {
        try
        {
            if (_hasBegun) _ = connection.SendAsync(RawAnswer.TooSlow).AsTask();
        }
        catch (IOException)
        {
            // It left first.
        }

        connection.Close();
    }

    public void Execute() => listener.Open(_connection!, this);

    private void Decide(LiveConnection connection, byte[] scratch, int seen)
    {
        RequestHead? head = null;
        var verdict = listener.TakesLive ? HeadParser.Read(scratch.AsSpan(0, seen), out head) : HeadVerdict.NotLive;
        if (verdict == HeadVerdict.Incomplete) return;
        if (verdict == HeadVerdict.NotLive || !DirectUpgrade.Serves(head!))
        {
            listener.HandOver(connection, this);
            return;
        }

        // Only the head is taken; what follows it stays in the socket for whoever serves the connection.
        connection.Receive(scratch.AsSpan(0, head!.Length));
        (Head, _connection) = (head, connection);
        if (connection.TryEnter(LiveState.Admitting, this)) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
