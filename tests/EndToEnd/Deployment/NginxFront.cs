using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Interactions.Tests.EndToEnd.Harness;

namespace Interactions.Tests.EndToEnd.Deployment;

/// <summary>
/// A real nginx with <c>deploy/nginx.conf</c> as it is shipped; only the three files that it includes (frontends, ports
/// and certificate) are this test's.
/// </summary>
internal sealed class NginxFront : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interactions-nginx-").FullName;
    private readonly ProcessOutput _output = new();
    private readonly X509Certificate2 _certificate = MakeCertificate();
    private Process? _process;

    private NginxFront()
    {
    }

    public Uri Address { get; } = new($"https://localhost:{FreePort()}/");

    public Uri PlainAddress { get; } = new($"http://localhost:{FreePort()}/");

    public string Output => _output.ToString();

    public static async Task<NginxFront> StartAsync(params int[] frontends)
    {
        var front = new NginxFront();
        try
        {
            await front.StartOnceAsync(frontends);
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>Believes the front's own certificate and no other.</summary>
    public SocketsHttpHandler Handler(IPAddress? from = null) => new()
    {
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => IsOurs(shown) },
        ConnectCallback = from is null ? null : async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>A client that speaks this version and no other.</summary>
    public HttpClient Http(Version version, IPAddress? from = null) => new(Handler(from))
    {
        BaseAddress = Address,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public bool IsOurs(X509Certificate? shown) => shown is not null && shown.GetCertHashString() == _certificate.GetCertHashString();

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            // Told, not killed: the master takes its workers with it.
            using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await kill.WaitForExitAsync();
            using var late = new CancellationTokenSource(Busy.Patience);
            await _process.WaitForExitAsync(late.Token);
        }

        _process?.Dispose();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartOnceAsync(int[] frontends)
    {
        var (nginx, tls) = (Directory.CreateDirectory(Path.Combine(_folder, "nginx")).FullName, Directory.CreateDirectory(Path.Combine(_folder, "tls")).FullName);
        var main = Path.Combine(_folder, "nginx.conf");
        File.Copy(Path.Combine(Repository.Root, "deploy", "nginx.conf"), main);
        await File.WriteAllLinesAsync(Path.Combine(nginx, "frontends.conf"), frontends.Select(port => $"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;"));
        await File.WriteAllTextAsync(Path.Combine(nginx, "plain.conf"), $"listen 127.0.0.1:{PlainAddress.Port};\n");

        // The folders for large bodies are where this user may write.
        await File.WriteAllTextAsync(
            Path.Combine(nginx, "tls.conf"),
            $"""
            listen 127.0.0.1:{Address.Port} ssl http2;
            ssl_certificate tls/tls.crt;
            ssl_certificate_key tls/tls.key;
            client_body_temp_path {_folder}/body;
            proxy_temp_path {_folder}/proxy;
            """);
        await File.WriteAllTextAsync(Path.Combine(tls, "tls.crt"), _certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(tls, "tls.key"), _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

        // Debian's is in /usr/sbin, which is not on everyone's path.
        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
        _process = Process.Start(new ProcessStartInfo(program, ["-p", _folder, "-c", main, "-g", $"daemon off; pid {_folder}/nginx.pid;"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("nginx did not start; is it installed?");
        _output.Collect(_process);

        var since = Stopwatch.GetTimestamp();
        while (!await ListensAsync())
        {
            if (_process.HasExited) throw new InvalidOperationException($"nginx ended with {_process.ExitCode}:\n{Output}");
            if (Stopwatch.GetElapsedTime(since) > Busy.Patience) throw new TimeoutException($"nginx does not listen:\n{Output}");
            await Task.Delay(20);
        }
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
