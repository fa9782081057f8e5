using Interactions.Contracts;

namespace Interactions.Frontend.Settings;

/// <summary><c>Region:*</c>: which data centre this node is in.</summary>
/// <param name="Name">1–64 of <c>A-Z a-z 0-9 _ -</c>.</param>
internal sealed record RegionOptions(string Name = "local")
{
    internal static RegionOptions Read(OptionReader read)
    {
        var name = read.Text("Region:Name") ?? new RegionOptions().Name;
        if (!StreamIds.IsValid(name)) read.Refuse("Region:Name", $"has to be 1-{StreamIds.MaxLength} of A-Z a-z 0-9 _ -");
        return new RegionOptions(name);
    }
}
