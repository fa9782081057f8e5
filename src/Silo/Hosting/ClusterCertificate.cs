using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Interactions.Silo.Hosting;

/// <summary>
/// What the processes of a cluster show each other. One is trusted that shows the same certificate, or one that an authority in the
/// same file has issued: so all may share one, or each may have its own.
/// </summary>
public sealed class ClusterCertificate
{
    private readonly X509Certificate2Collection _authorities = [];

    private ClusterCertificate(X509Certificate2 own, X509Certificate2Collection all)
    {
        Own = own;
        foreach (var other in all)
        {
            if (other.Thumbprint != own.Thumbprint) _authorities.Add(other);
        }
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Own { get; }

    /// <param name="path">PEM (certificate, key, and authorities) or PFX.</param>
    /// <param name="password">Of a PFX, or of the key in PEM.</param>
    /// <exception cref="CryptographicException">The file holds no certificate with its private key.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ClusterCertificate Load(string path, string? password = null)
    {
        var bytes = File.ReadAllBytes(path);
        X509Certificate2Collection all = [];
        if (bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0)
        {
            all.ImportFromPemFile(path);
            var own = password is null ? X509Certificate2.CreateFromPemFile(path) : X509Certificate2.CreateFromEncryptedPemFile(path, password);
            return new(own, all);
        }

        all = X509CertificateLoader.LoadPkcs12Collection(bytes, password);
        return new(all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("It holds no private key."), all);
    }

    /// <summary>Whether a process that shows this is one of the cluster. Names in it do not count: pods and addresses come and go.</summary>
    public bool Trusts(X509Certificate2 shown, SslPolicyErrors errors)
    {
        ArgumentNullException.ThrowIfNull(shown);
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)) return false;
        var now = DateTime.Now;
        if (now < shown.NotBefore || now > shown.NotAfter) return false;
        if (CryptographicOperations.FixedTimeEquals(shown.RawData, Own.RawData)) return true;
        if (_authorities.Count == 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.ExtraStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown);
    }

    /// <summary>Both ends show theirs and look at the other's.</summary>
    public void Configure(TlsOptions tls)
    {
        ArgumentNullException.ThrowIfNull(tls);
        tls.LocalCertificate = Own;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (shown, _, errors) => Trusts(shown, errors);
        tls.OnAuthenticateAsClient = static (_, options) => options.TargetHost = "interactions";
    }
}
