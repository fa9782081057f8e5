using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>
/// The built service as a process of its own, on a free port with a folder of its own. It can be killed without
/// warning and started again on the same folder and port. Disposing ends it and removes the folder.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, bool> GivenPorts = [];

    private static readonly TimeSpan StartLimit = Busy.Patience;

    private readonly string[] _arguments;
    private readonly ProcessOutput _output = new();
    private readonly HttpClient _probe = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly IReadOnlyDictionary<string, string> _environment;
    private int? _openFiles;
    private Process? _process;

    private ServiceProcess(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        (_arguments, _environment) = (arguments, environment);
        Folder = Directory.CreateTempSubdirectory("interactions-").FullName;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/"));
        AppDomain.CurrentDomain.ProcessExit += OnRunnerExit;
    }

    public Uri Address { get; }

    /// <summary>What it is started from, the next time.</summary>
    public string Program { get; set; } = Repository.ServiceDll;

    /// <summary>What it stores its log in.</summary>
    public string Folder { get; }

    /// <summary>Everything it wrote so far, over all its lives.</summary>
    public string Output => _output.ToString();

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Memory that is in use by the process, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static Task<ServiceProcess> StartAsync(params string[] arguments) => StartAsync(arguments, new Dictionary<string, string>());

    /// <param name="untilReady">False: it may never be.</param>
    /// <param name="openFiles">How many it may have open; null: as many as this process.</param>
    public static async Task<ServiceProcess> StartAsync(string[] arguments, IReadOnlyDictionary<string, string> environment, bool untilReady = true, int? openFiles = null)
    {
        var service = new ServiceProcess(arguments, environment) { _openFiles = openFiles };
        try
        {
            await service.StartAgainAsync(untilReady);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the same folder and port, and waits until it takes viewers.</summary>
    public async Task StartAgainAsync(bool untilReady = true)
    {
        if (!File.Exists(Program)) throw new FileNotFoundException($"The service is not built: {Program}");

        var start = new ProcessStartInfo(_openFiles is null ? "dotnet" : "bash")
        {
            WorkingDirectory = Repository.ContentRoot,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (_openFiles is { } most)
        {
            foreach (var argument in (string[])["-c", string.Create(CultureInfo.InvariantCulture, $"ulimit -n {most}; exec dotnet \"$@\""), "bash"]) start.ArgumentList.Add(argument);
        }

        string[] own = [Program, "--Urls", Address.GetLeftPart(UriPartial.Authority), "--Auth:Dev", "true", "--Log:Path", Folder];
        foreach (var argument in own.Concat(_arguments)) start.ArgumentList.Add(argument.Replace("{own}", Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        // Most live for seconds: optimising what they call costs more than it saves.
        start.Environment["DOTNET_TC_CallCountThreshold"] = "1000";
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        _process?.Dispose();
        _process = Process.Start(start)!;
        _output.Collect(_process);
        if (untilReady) await ReadyAsync();
    }

    /// <summary>kill -9: the process has no chance to do anything.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it is there and does nothing.</summary>
    public Task StopAsync() => Command.RunAsync("kill", "-STOP", $"{_process!.Id}");

    public Task ContinueAsync() => Command.RunAsync("kill", "-CONT", $"{_process!.Id}");

    /// <summary>Starts it again if it ended, has it go on if it was stopped, and waits until it is ready.</summary>
    public async Task HealAsync()
    {
        if (!IsRunning)
        {
            await StartAgainAsync();
            return;
        }

        await ContinueAsync();
        await ReadyAsync();
    }

    /// <summary>What <c>/readyz</c> answers; 0 when nothing does.</summary>
    public async Task<int> ReadinessAsync()
    {
        try
        {
            using var answer = await _probe.GetAsync(new Uri(Address, "readyz"));
            return (int)answer.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    /// <summary>Whether it has loaded this assembly.</summary>
    public async Task<bool> HasLoadedAsync(string assembly) =>
        (await File.ReadAllTextAsync($"/proc/{_process!.Id}/maps")).Contains($"/{assembly}.dll", StringComparison.Ordinal);

    /// <summary>SIGTERM, as an operator stops it. Answers the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await Command.RunAsync("kill", "-TERM", $"{_process!.Id}");
        using var late = new CancellationTokenSource(Busy.Patience);
        await _process.WaitForExitAsync(late.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnRunnerExit;
        await KillAsync();
        _process?.Dispose();
        _probe.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task ReadyAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < StartLimit)
        {
            if (_process!.HasExited) throw new InvalidOperationException($"The service ended with {_process.ExitCode} at start:\n{Output}");
            try
            {
                using var answer = await _probe.GetAsync(new Uri(Address, "readyz"));
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"/readyz did not answer 200 within {StartLimit}:\n{Output}");
    }

    // The runner may end without disposing (Ctrl+C); no service outlives it.
    private void OnRunnerExit(object? sender, EventArgs e)
    {
        if (IsRunning) _process!.Kill();
    }

    /// <summary>
    /// One that nobody listened on a moment ago, given to nobody else here, and not of those that the system gives to connections
    /// (from 32768 on Linux): on a busy machine one of these takes it before it is listened on.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(12_000, 32_000);
            if (!GivenPorts.TryAdd(port, true)) continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another's.
            }
        }
    }
}
