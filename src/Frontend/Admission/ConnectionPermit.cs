namespace Interactions.Frontend.Admission;

/// <summary>One connection's place within the caps; disposing gives it back, once.</summary>
internal sealed class ConnectionPermit(ConnectionCaps caps, UInt128? address, string? user) : IDisposable
{
    private int _returned;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0) caps.Return(address, user);
    }
}
