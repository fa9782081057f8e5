namespace Interactions.Frontend.Transports.Listener;

/// <summary>Every live connection by its descriptor. Readers never wait; a stale event finds null or another serial.</summary>
internal sealed class LiveTable
{
    private readonly Lock _lock = new();
    private LiveConnection?[] _connections = new LiveConnection?[1024];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public LiveConnection? Find(int descriptor, uint serial)
    {
        var connections = Volatile.Read(ref _connections);
        return descriptor < connections.Length && Volatile.Read(ref connections[descriptor]) is { } found && found.Serial == serial ? found : null;
    }

    public void Add(LiveConnection connection)
    {
        lock (_lock)
        {
            if (connection.Descriptor >= _connections.Length)
            {
                var larger = new LiveConnection?[Math.Max(connection.Descriptor + 1, _connections.Length * 2)];
                _connections.CopyTo(larger, 0);
                Volatile.Write(ref _connections, larger);
            }

            _connections[connection.Descriptor] = connection;
            _count++;
        }
    }

    /// <summary>To be called before the descriptor is closed, since it may be given out again at once.</summary>
    public void Remove(LiveConnection connection)
    {
        lock (_lock)
        {
            if (_connections[connection.Descriptor] != connection) return;
            _connections[connection.Descriptor] = null;
            _count--;
        }
    }

    public LiveConnection[] All()
    {
        lock (_lock) return [.. _connections.OfType<LiveConnection>()];
    }
}
