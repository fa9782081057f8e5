using System.Net.Sockets;
using System.Reflection;
using Interactions.Frontend;
using Interactions.Contracts.Log;
using Interactions.Frontend.Hosting;
using Interactions.Silo.Logs.Rocks;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

if (args is [Probe.Command, var url]) return await Probe.RunAsync(url);
if (args is [Probe.Command, ..])
{
    await Console.Error.WriteLineAsync("probe needs one URL, e.g. probe http://127.0.0.1:5080/readyz");
    return 2;
}

if (args.Contains(CommandLine.Help))
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

if (args.Contains(CommandLine.Version))
{
    Console.WriteLine(typeof(Service).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
    return 0;
}

try
{
    if (args.Contains(CommandLine.Repair)) return Repair.Run([.. args.Where(argument => argument != CommandLine.Repair)]);
    await Service.RunAsync(args);
    return 0;
}
catch (OptionsValidationException invalid)
{
    await Console.Error.WriteLineAsync("The settings are not valid:");
    foreach (var failure in invalid.Failures) await Console.Error.WriteLineAsync($"  {failure}");
    return 2;
}
catch (Exception failed) when (failed is SocketException or IOException { InnerException: AddressInUseException })
{
    await Console.Error.WriteLineAsync($"Urls: it is not possible to listen there. {failed.Message}");
    return 1;
}
catch (Exception failed) when (failed is ClusterFailedException or LogRefusedException or LogDamagedException or IOException or UnauthorizedAccessException or InvalidDataException)
{
    // It is the machine, not the program: one line says what and where.
    await Console.Error.WriteLineAsync(failed.Message.ReplaceLineEndings(" "));
    return 1;
}
