using Microsoft.Extensions.Options;

namespace Interactions.Frontend.Settings;

/// <summary>Registers all settings.</summary>
internal static class SettingServices
{
    /// <summary>Binds and validates every section and registers each as a singleton.</summary>
    /// <param name="given">Names of settings that somebody wrote for this service and no other: those of the command line.</param>
    /// <exception cref="OptionsValidationException">Lists everything that is wrong, by setting.</exception>
    public static IServiceCollection AddInteractionsOptions(this IServiceCollection services, IConfiguration configuration, IReadOnlyList<string>? given = null)
    {
        var read = new OptionReader(configuration);
        ListenAddresses.Check(read);
        ConsoleLogSettings.Check(read);
        var auth = AuthOptions.Read(read);
        var limits = LimitOptions.Read(read);
        var cors = CorsOptions.Read(read);
        var proxies = ProxyOptions.Read(read);
        var log = LogSettings.Read(read);
        var region = RegionOptions.Read(read);
        var telemetry = TelemetryOptions.Read(read);
        if (read.Problems.Count > 0) throw new OptionsValidationException("settings", typeof(SettingServices), read.Problems);

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
}
