namespace Interactions.Contracts.Grains;

/// <param name="User">Who asks; the owner, if the stream is created by this.</param>
/// <param name="Creation">The stream that is meant; 0 = create one.</param>
/// <param name="Patch">What changes.</param>
[GenerateSerializer, Immutable, Alias("interactions.configureRequest")]
public sealed record ConfigureRequest(string User, ulong Creation, SettingsPatch Patch);
