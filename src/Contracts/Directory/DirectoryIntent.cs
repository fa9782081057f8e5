namespace Interactions.Contracts.Directory;

/// <summary>What is about to happen to a stream.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Row">The stream; when it is created, its first row.</param>
/// <param name="Settings">Of a stream that is created; else null.</param>
[GenerateSerializer, Immutable, Alias("interactions.directoryIntent")]
public sealed record DirectoryIntent(string Name, DirectoryIntentKind Kind, DirectoryRow Row, SettingsPatch? Settings = null);
