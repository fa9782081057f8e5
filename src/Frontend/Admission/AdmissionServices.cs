using Interactions.Frontend.Telemetry;
using Microsoft.Extensions.Options;

namespace Interactions.Frontend.Admission;

/// <summary>Registers what decides who comes in, and the settings it is decided by.</summary>
internal static class AdmissionServices
{
    /// <summary>Binds and validates every section and registers each as a singleton.</summary>
    /// <param name="given">Names of settings that somebody wrote for this service and no other: those of the command line.</param>
    /// <exception cref="OptionsValidationException">Lists everything that is wrong, by setting.</exception>
    public static IServiceCollection AddInteractionsOptions(this IServiceCollection services, IConfiguration configuration, IReadOnlyList<string>? given = null)
    {
        var read = new OptionReader(configuration);
        ListenAddresses.Check(read);
        ConsoleLogs.Check(read);
        var auth = AuthOptions.Read(read);
        var limits = LimitOptions.Read(read);
        var cors = CorsOptions.Read(read);
        var proxies = ProxyOptions.Read(read);
        var log = LogSettings.Read(read);
        var region = RegionOptions.Read(read);
        var telemetry = TelemetryOptions.Read(read);
        if (read.Problems.Count > 0) throw new OptionsValidationException("settings", typeof(AdmissionServices), read.Problems);

        return services
            .AddSingleton(auth)
            .AddSingleton(limits)
            .AddSingleton(cors)
            .AddSingleton(proxies)
            .AddSingleton(log)
            .AddSingleton(region)
            .AddSingleton(telemetry)
            .AddSingleton(new UnknownSettings(read, given ?? []));
    }

    /// <summary>Tokens and limits; needs <see cref="AddInteractionsOptions"/>.</summary>
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
