using System.Diagnostics;
using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>The program, run to its end: it refuses to start, or was only asked something.</summary>
internal static class ServiceRun
{
    /// <summary>Its exit code and all that it wrote.</summary>
    public static async Task<(int Code, string Output)> ToItsEndAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("interactions-start-").FullName;
        try
        {
            var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["HOME"] = folder; // no developer's certificate
            foreach (var argument in arguments.Prepend(Repository.ServiceDll)) start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                Assert.Fail($"It did not end within 60 s: {string.Join(' ', arguments)}");
            }

            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
