using Interactions.Contracts.Grains;

namespace Interactions.Silo.Grains;

/// <summary>The grains that a stream calls.</summary>
internal interface IStreamNeighbours
{
    /// <summary>The partition of the directory that lists a stream.</summary>
    IDirectoryGrain DirectoryOf(string stream);

    IUserGrain User(string user);
}
