namespace Interactions.LoadTests.Clients;

/// <summary>Where users' tokens come from.</summary>
internal interface ITokenSource
{
    ValueTask<string> TokenAsync(string user, string name, string role, CancellationToken cancellationToken);
}
