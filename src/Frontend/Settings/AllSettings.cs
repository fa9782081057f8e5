using Microsoft.Extensions.Options;

namespace Interactions.Frontend.Settings;

/// <summary>Everything that an operator decides, read once.</summary>
internal sealed record AllSettings(
    AuthOptions Auth, LimitOptions Limits, CorsOptions Cors, ProxyOptions Proxies, LogSettings Log, ClusterOptions Cluster, RegionOptions Region, TelemetryOptions Telemetry,
    UnknownSettings Unknown)
{
    /// <param name="given">Names of settings that somebody wrote for this service and no other: those of the command line.</param>
    /// <exception cref="OptionsValidationException">Lists everything that is wrong, by setting.</exception>
    public static AllSettings Read(IConfiguration configuration, IReadOnlyList<string>? given = null)
    {
        var read = new OptionReader(configuration);
        ListenAddresses.Check(read);
        ConsoleLogSettings.Check(read);
        var auth = AuthOptions.Read(read);
        var limits = LimitOptions.Read(read);
        var cors = CorsOptions.Read(read);
        var proxies = ProxyOptions.Read(read);
        var log = LogSettings.Read(read);
        var cluster = ClusterOptions.Read(read, log);
        var region = RegionOptions.Read(read);
        var telemetry = TelemetryOptions.Read(read);
        if (read.Problems.Count > 0) throw new OptionsValidationException("settings", typeof(AllSettings), read.Problems);
        return new(auth, limits, cors, proxies, log, cluster, region, telemetry, new UnknownSettings(read, given ?? []));
    }
}
