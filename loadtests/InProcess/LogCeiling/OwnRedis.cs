using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Interactions.InProcess.LogCeiling;

/// <summary>A redis-server of this run's own, with a folder that goes when it ends.</summary>
internal sealed class OwnRedis : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interactions-redis-").FullName;
    private readonly Process _process;

    /// <exception cref="InvalidOperationException">There is no redis-server, or it does not start.</exception>
    public OwnRedis(string appendfsync)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        try
        {
            _process = Process.Start(new ProcessStartInfo("redis-server",
            [
                "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "yes", "--appendfsync", appendfsync,
                "--client-output-buffer-limit", "pubsub 256mb 64mb 60", "--loglevel", "warning",
            ])
            {
                RedirectStandardOutput = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException("redis-server is not installed; give --redis host:port of one that runs.", missing);
        }

        _process.BeginOutputReadLine();
    }

    public int Port { get; }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
