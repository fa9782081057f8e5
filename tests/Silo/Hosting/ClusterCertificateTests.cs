using System.Net.Security;
using System.Security.Cryptography;
using Interactions.Silo.Hosting;
using Xunit;

namespace Interactions.Tests.Silo.Hosting;

public sealed class ClusterCertificateTests
{
    [Fact]
    public void Processes_with_one_certificate_trust_each_other()
    {
        using var shared = new TestCertificate();
        Assert.True(shared.Load().Trusts(shared.Shown, SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch));
    }

    [Fact]
    public void Processes_with_certificates_of_one_authority_trust_each_other()
    {
        using var authority = new TestCertificate();
        using var one = new TestCertificate(authority);
        using var other = new TestCertificate(authority);
        Assert.True(one.Load().Trusts(other.Shown, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.True(other.Load().Trusts(one.Shown, SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Fact]
    public void A_stranger_is_not_trusted()
    {
        using var authority = new TestCertificate();
        using var one = new TestCertificate(authority);
        using var stranger = new TestCertificate();
        Assert.False(one.Load().Trusts(stranger.Shown, SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.False(stranger.Load().Trusts(one.Shown, SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Fact]
    public void A_certificate_that_has_run_out_is_not_trusted()
    {
        using var old = new TestCertificate(daysLeft: -1);
        Assert.False(old.Load().Trusts(old.Shown, SslPolicyErrors.None));
    }

    [Fact]
    public void A_file_is_PEM_or_PFX()
    {
        using var certificate = new TestCertificate();
        Assert.Equal(certificate.Load().Own.Thumbprint, ClusterCertificate.Load(certificate.PfxPath, TestCertificate.Password).Own.Thumbprint);
        Assert.ThrowsAny<CryptographicException>(() => ClusterCertificate.Load(certificate.PfxPath, "wrong"));
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused()
    {
        using var certificate = new TestCertificate();
        var path = certificate.PemPath + ".public";
        File.WriteAllText(path, certificate.Shown.ExportCertificatePem());
        Assert.ThrowsAny<CryptographicException>(() => ClusterCertificate.Load(path));
    }
}
