using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Admission;

/// <summary>Registers what decides who comes in.</summary>
internal static class AdmissionServices
{
    /// <summary>Tokens and limits; needs the settings.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.AddSingleton(provider => SharedKey.Open(provider.GetRequiredService<AuthOptions>(), provider.GetRequiredService<LogSettings>()));
        services.AddSingleton(provider => new TokenKeys(
            provider.GetRequiredService<AuthOptions>(),
            provider.GetRequiredService<SharedKey>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<TokenKeys>>(),
            provider.GetRequiredService<AuthOptions>().JwksIsUrl ? new KeyFetcher() : null));
        services.AddHostedService(provider => provider.GetRequiredService<TokenKeys>());
        services.AddSingleton(provider => new TokenVerifier(
            provider.GetRequiredService<AuthOptions>(),
            provider.GetRequiredService<TokenKeys>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<FrontendMetrics>()));
        services.AddSingleton(provider => new DevTokens(
            provider.GetRequiredService<AuthOptions>(), provider.GetRequiredService<SharedKey>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton(provider => new SendLimiter(
            provider.GetRequiredService<LimitOptions>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton(provider => new StreamLimiter(
            provider.GetRequiredService<LimitOptions>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        return services;
    }
}
