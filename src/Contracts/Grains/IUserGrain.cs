namespace Interactions.Contracts.Grains;

/// <summary>A user, the key the user's id: counts the streams that the user owns.</summary>
[Alias("interactions.user")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Takes a place for a stream that is being created.</summary>
    /// <returns>False when the user owns as many as one may.</returns>
    [Alias("reserve")]
    Task<bool> TryReserveAsync(string stream);

    /// <summary>The stream was not created, or is deleted.</summary>
    [Alias("release")]
    Task ReleaseAsync(string stream);
}
