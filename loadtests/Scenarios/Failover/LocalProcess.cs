using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Interactions.LoadTests.Scenarios.Failover;

/// <summary>A program on this machine that can be killed and started again. What it says goes to a file. Disposing kills it.</summary>
internal sealed class LocalProcess(string name, string file, string[] arguments, string folder) : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly Lock _writing = new();
    private Process? _process;

    public string Name => name;

    public void Start()
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_NOLOGO"] = "1";
        _process?.Dispose();
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{file} does not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until this is so.</summary>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    /// <exception cref="TimeoutException">It takes too long.</exception>
    public async Task UntilAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isReady(cancellationToken))
        {
            if (_process!.HasExited) throw new InvalidOperationException($"{name} ended with {_process.ExitCode}; what it said is in {folder}.");
            if (Stopwatch.GetElapsedTime(since) > StartsWithin) throw new TimeoutException($"{name} was not ready within {StartsWithin.TotalSeconds:0} s; what it said is in {folder}.");
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false }) return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an operator stops it; returns when it has ended.</summary>
    /// <exception cref="InvalidOperationException">With another code than 0.</exception>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        if (_process.ExitCode != 0) throw new InvalidOperationException($"{name} ended with {_process.ExitCode}; what it said is in {folder}.");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }

    /// <summary>A port that nobody listened on a moment ago, and not of those that the system gives to connections (from 32768 on Linux).</summary>
    public static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(12_000, 32_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_writing) File.AppendAllText(Path.Combine(folder, name + ".log"), line + "\n");
    }
}
