using Microsoft.Extensions.Options;

namespace Interactions.Frontend.Settings;

/// <summary>Registers all settings.</summary>
internal static class SettingServices
{
    /// <summary>Each section as a singleton.</summary>
    public static IServiceCollection AddSettings(this IServiceCollection services, AllSettings settings) => services
        .AddSingleton(settings.Auth)
        .AddSingleton(settings.Limits)
        .AddSingleton(settings.Cors)
        .AddSingleton(settings.Proxies)
        .AddSingleton(settings.Log)
        .AddSingleton(settings.Cluster)
        .AddSingleton(settings.Region)
        .AddSingleton(settings.Telemetry)
        .AddSingleton(settings.Unknown);

    /// <summary>Binds and validates every section and registers each as a singleton.</summary>
    /// <param name="given">Names of settings that somebody wrote for this service and no other: those of the command line.</param>
    /// <exception cref="OptionsValidationException">Lists everything that is wrong, by setting.</exception>
    public static IServiceCollection AddInteractionsOptions(this IServiceCollection services, IConfiguration configuration, IReadOnlyList<string>? given = null) =>
        services.AddSettings(AllSettings.Read(configuration, given));
}
