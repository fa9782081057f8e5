using Interactions.Frontend.Settings;
using Interactions.Silo.Logs.Rocks;

namespace Interactions.Frontend;

/// <summary><c>--repair</c>: for when the service refuses to start because its log is damaged.</summary>
internal static class Repair
{
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        var settings = Service.ReadSettings(args).Log;
        if (settings.Kind != LogKind.Rocks)
        {
            Console.Error.WriteLine($"{CommandLine.Repair} is for Log:Kind Rocks; this one is {settings.Kind}.");
            return 2;
        }

        RocksRepair.Run(settings.Path, Console.WriteLine);
        return 0;
    }
}
