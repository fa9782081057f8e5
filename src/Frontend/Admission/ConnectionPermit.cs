namespace Interactions.Frontend.Admission;

/// <summary>One connection's place within the caps; disposing gives it back, once.</summary>
internal sealed class ConnectionPermit(ConnectionCaps caps, UInt128? address, string? user) : IDisposable
{
    public UInt128? Address { get; } = address;

    /// <summary>Null: the connection counts for no user. Under the caps' lock, as the next.</summary>
    internal string? User { get; set; } = user;

    internal bool IsReturned { get; set; }

    /// <summary>Whether the connection may be this user's, whose it was not yet.</summary>
    public bool TrySignIn(string user) => caps.TrySignIn(this, user);

    public void Dispose() => caps.Return(this);
}
