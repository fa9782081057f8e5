namespace Interactions.Contracts;

/// <summary>A change of <see cref="StreamSettings"/>: null leaves a setting as it is.</summary>
[GenerateSerializer, Immutable, Alias("interactions.settingsPatch")]
public sealed record SettingsPatch(
    string? Title = null,
    IReadOnlyList<string>? Reactions = null,
    bool? Tap = null,
    int? SlowModeSeconds = null,
    int? MaxCommentLength = null,
    bool? Roster = null);
