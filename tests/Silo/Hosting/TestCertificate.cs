using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Interactions.Silo.Hosting;

namespace Interactions.Tests.Silo.Hosting;

/// <summary>A certificate of its own authority or of another's, in files.</summary>
internal sealed class TestCertificate : IDisposable
{
    public const string Password = "secret";

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("interactions-certificate-").FullName;
    private readonly X509Certificate2 _certificate;

    /// <param name="authority">Who issues it; null = it stands for itself.</param>
    public TestCertificate(TestCertificate? authority = null, int daysLeft = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(authority is null ? "CN=authority" : "CN=interactions", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority is null, false, 0, true));
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(authority is null ? -60 : -59), DateTimeOffset.UtcNow.AddDays(authority is null ? daysLeft : daysLeft - 1));
        if (authority is null)
        {
            _certificate = request.CreateSelfSigned(from, to);
        }
        else
        {
            using var issued = request.Create(authority._certificate, from, to, RandomNumberGenerator.GetBytes(8));
            _certificate = issued.CopyWithPrivateKey(key);
        }

        var pem = _certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n" + authority?._certificate.ExportCertificatePem();
        File.WriteAllText(PemPath, pem);
        File.WriteAllBytes(PfxPath, _certificate.Export(X509ContentType.Pkcs12, Password));
    }

    public string PemPath => Path.Combine(_folder, "node.pem");

    public string PfxPath => Path.Combine(_folder, "node.pfx");

    /// <summary>As another process sees it.</summary>
    public X509Certificate2 Shown => X509CertificateLoader.LoadCertificate(_certificate.RawData);

    public ClusterCertificate Load() => ClusterCertificate.Load(PemPath);

    public void Dispose()
    {
        _certificate.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
