namespace Interactions.Contracts.Grains;

/// <summary>
/// A silo, its key the silo's address: where frontends say once a second that they are there, and hear what changed. One for each
/// silo, on that silo.
/// </summary>
[Alias("interactions.silo")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Renews the frontend's lease: as long as it does, the silo's streams count its viewers and push to it.</summary>
    [Alias("renew")]
    Task<LeaseAnswer> RenewAsync(LeaseRequest request);

    /// <summary>The frontend is stopping: its viewers are gone.</summary>
    [Alias("leave")]
    Task LeaveAsync(string frontend);

    /// <summary>The newest version of the rules that this silo knows.</summary>
    [Alias("rules")]
    Task<byte> RulesAsync();

    /// <summary>Whether nobody listens any more where that other silo was, as this one sees it.</summary>
    [Alias("isGone")]
    Task<bool> IsGoneAsync(string silo);
}
