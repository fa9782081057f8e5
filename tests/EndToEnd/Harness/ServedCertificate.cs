using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>A certificate for a service that listens with TLS too, on a port of its own.</summary>
internal sealed class ServedCertificate : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-").FullName;
    private readonly string _hash;

    public ServedCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _hash = certificate.GetCertHashString();
        File.WriteAllBytes(Pfx, certificate.Export(X509ContentType.Pfx, "test"));
    }

    public int Port { get; } = ServiceProcess.FreePort();

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{Port}/"));

    /// <summary>For the service, besides its addresses.</summary>
    public string[] Arguments => ["--Kestrel:Certificates:Default:Path", Pfx, "--Kestrel:Certificates:Default:Password", "test"];

    private string Pfx => Path.Combine(_folder, "tls.pfx");

    /// <summary>A service answers as ready while its later addresses are still being bound.</summary>
    public async Task ListensAsync(ServiceProcess service)
    {
        for (var since = Stopwatch.GetTimestamp(); !service.Output.Contains(string.Create(CultureInfo.InvariantCulture, $"listens on https://127.0.0.1:{Port}"), StringComparison.Ordinal);)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Busy.Patience, $"It does not listen on port {Port}: {service.Output}");
            await Task.Delay(20);
        }
    }

    /// <summary>For clients: whether a server shows this certificate.</summary>
    public bool IsServed(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate?.GetCertHashString() == _hash;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
