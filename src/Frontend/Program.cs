using Interactions.Frontend;
using Interactions.Frontend.Admission;
using Microsoft.Extensions.Options;

if (args is [Probe.Command, var url]) return await Probe.RunAsync(url);

try
{
    var app = Service.Build(args);
    await Service.RunAsync(app);
    return 0;
}
catch (OptionsValidationException invalid)
{
    await Console.Error.WriteLineAsync("The settings are not valid:");
    foreach (var failure in invalid.Failures) await Console.Error.WriteLineAsync($"  {failure}");
    return 2;
}
catch (IOException failed)
{
    // The folder is in use, the port is taken: one sentence says it.
    await Console.Error.WriteLineAsync(failed.Message);
    return 1;
}
