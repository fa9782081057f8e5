using StackExchange.Redis;

namespace Interactions.Silo.Hosting;

/// <summary>How the processes of a cluster find and trust each other.</summary>
/// <param name="Id">The cluster's name: processes with another one are strangers, also on the same Redis.</param>
/// <param name="Redis">Where the silos are listed; null = this process is the whole cluster.</param>
/// <param name="Certificate">Null = what they say to each other is not encrypted, and whoever reaches a silo's ports may speak to it.</param>
public sealed record ClusterNetwork(string Id, ConfigurationOptions? Redis = null, ClusterCertificate? Certificate = null)
{
    /// <summary>
    /// How long a call waits for its answer. A call to a process that has just died ends only by this, and is then tried again.
    /// </summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);
}
