using System.Diagnostics;
using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>Runs another program to its end.</summary>
internal static class Command
{
    /// <summary>A script waits for several things, one after the other.</summary>
    private static readonly TimeSpan Limit = 3 * Busy.Patience;

    /// <summary>What it wrote. Fails when it ends with anything but 0, or not at all.</summary>
    public static Task<string> RunAsync(string program, params string[] arguments) => RunAsync(program, Limit, arguments);

    /// <summary>As above, within that time.</summary>
    public static async Task<string> RunAsync(string program, TimeSpan within, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.NodeClients,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        var output = new ProcessOutput();
        using var process = Process.Start(start)!;
        output.Collect(process);
        using var limit = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            Assert.Fail($"{program} {arguments[0]} did not end within {within}:\n{output}");
        }

        Assert.True(process.ExitCode == 0, $"{program} {arguments[0]} ended with {process.ExitCode}:\n{output}");
        return output.ToString();
    }

    /// <summary>A script of clients/, with Node.</summary>
    public static Task<string> NodeAsync(string script, params string[] arguments) => RunAsync("node", [script, .. arguments]);
}
