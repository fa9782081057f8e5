using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>A real redis-server with a folder and a port of its own.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interactions-redis-").FullName;
    private readonly string[] _settings;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private Process? _process;

    private RedisProcess(string[] settings, IReadOnlyDictionary<string, string> environment) => (_settings, _environment) = (settings, environment);

    public int Port { get; } = ServiceProcess.FreePort();

    public string Address => $"127.0.0.1:{Port}";

    public string Folder => _folder;

    public bool IsRunning => _process is { HasExited: false };

    public static Task<RedisProcess> StartAsync(params string[] settings) => StartAsync(new Dictionary<string, string>(), settings);

    public static async Task<RedisProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        var redis = new RedisProcess(settings, environment);
        try
        {
            await redis.StartAgainAsync();
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgainAsync()
    {
        string[] arguments =
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always",
            "--daemonize", "no", "--loglevel", "warning", .. _settings,
        ];
        var start = new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        _process = Process.Start(start)
            ?? throw new InvalidOperationException("redis-server did not start; is it installed?");
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        var until = DateTime.UtcNow.AddSeconds(20);
        while (!await PingsAsync())
        {
            if (DateTime.UtcNow > until) throw new TimeoutException($"redis-server did not answer on port {Port}.");
            if (_process.HasExited) throw new InvalidOperationException($"redis-server ended with {_process.ExitCode}.");
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public void Stop() => Signal("STOP");

    public void Continue() => Signal("CONT");

    /// <summary>A copy of what is on its disk now: all that was answered, under <c>appendfsync always</c>.</summary>
    public string Backup()
    {
        var backup = Directory.CreateTempSubdirectory("interactions-backup-").FullName;
        Copy(_folder, backup);
        return backup;
    }

    /// <summary>Puts a copy in place of what is there. The server has to be down.</summary>
    public void RestoreFrom(string backup)
    {
        Directory.Delete(Path.Combine(_folder, "appendonlydir"), recursive: true);
        Copy(backup, _folder);
        Directory.Delete(backup, recursive: true);
    }

    /// <summary>Runs redis-cli.</summary>
    public async Task<string> CliAsync(params string[] arguments)
    {
        using var cli = Process.Start(new ProcessStartInfo("redis-cli", ["-p", $"{Port}", .. arguments]) { RedirectStandardOutput = true })!;
        var said = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return said.Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await KillAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process!.Id}"]);
        kill.WaitForExit();
    }

    private async Task<bool> PingsAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[64];
            var length = await stream.ReadAsync(answer);
            if (length > 0 && answer[0] is (byte)'+' or (byte)'-' && !System.Text.Encoding.ASCII.GetString(answer, 0, length).Contains("LOADING", StringComparison.Ordinal)) return true;
        }
        catch (SocketException)
        {
            // Not yet.
        }

        await Task.Delay(20);
        return false;
    }
}
