using Interactions.Contracts;

namespace Interactions.Silo.Nodes;

/// <summary>This process, as the logs know it: new at every start, and when others took it for gone. Safe for any thread.</summary>
public sealed class NodeIdentity
{
    private volatile string _id = New();

    public string Id => _id;

    /// <summary>Takes a new id, if <paramref name="gone"/> is still the present one.</summary>
    public void Renew(string gone)
    {
        lock (this)
        {
            if (_id == gone) _id = New();
        }
    }

    private static string New() => $"n-{Epochs.New()}";
}
