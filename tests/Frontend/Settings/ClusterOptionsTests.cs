using System.Net;
using Interactions.Frontend.Settings;
using Interactions.Tests.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Interactions.Tests.Frontend.Settings;

public sealed class ClusterOptionsTests
{
    private static readonly (string, string)[] Cluster =
        [("Cluster:Redis", "redis:6379"), ("Log:Kind", "Redis"), ("Log:Redis", "redis:6379"), ("Cluster:Address", "10.0.0.7"), ("Cluster:Insecure", "true")];

    [Fact]
    public void Without_settings_a_process_is_a_cluster_of_its_own()
    {
        var cluster = Read();
        Assert.True(cluster.IsAlone && cluster.HasSilo && cluster.HasFrontend);
        Assert.Equal("interactions", cluster.Network.Id);
    }

    [Fact]
    public void A_silo_is_found_at_its_address_and_ports()
    {
        var cluster = Read([.. Cluster, ("Cluster:Role", "Silo"), ("Cluster:SiloPort", "11112"), ("Cluster:Id", "blue")]);
        Assert.False(cluster.IsAlone || cluster.HasFrontend);
        Assert.Equal((IPAddress.Parse("10.0.0.7"), 11112, 30000), (cluster.Endpoint.Address, cluster.Endpoint.SiloPort, cluster.Endpoint.GatewayPort));
        Assert.Equal("blue", cluster.Network.Id);
    }

    [Fact]
    public void A_frontend_needs_no_log() => Assert.False(Read(("Cluster:Role", "Frontend"), ("Cluster:Redis", "redis:6379")).HasSilo);

    [Theory]
    [InlineData("Cluster:Role", "Silo", "Cluster:Redis")]
    [InlineData("Cluster:Role", "Frontend", "Cluster:Redis")]
    [InlineData("Cluster:Role", "Peer", "Cluster:Role")]
    [InlineData("Cluster:Id", "two words", "Cluster:Id")]
    [InlineData("Cluster:Address", "somewhere", "Cluster:Address")]
    [InlineData("Cluster:Address", "0.0.0.0", "Cluster:Address")]
    [InlineData("Cluster:SiloPort", "0", "Cluster:SiloPort")]
    [InlineData("Cluster:SiloPort", "30000", "Cluster:GatewayPort")]
    [InlineData("Cluster:Certificate", "/no/such/file.pem", "Cluster:Certificate")]
    public void A_wrong_setting_is_named(string setting, string value, string named) =>
        Assert.StartsWith(named, Assert.Single(Problems((setting, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("redis")]
    [InlineData("name=redis:6379")]
    public void The_list_of_silos_is_at_a_host_and_a_port(string value) =>
        Assert.StartsWith("Cluster:Redis has to be host:port", Assert.Single(Problems(("Cluster:Redis", value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Rocks")]
    [InlineData("Memory")]
    public void Silos_of_a_cluster_share_one_log(string kind) =>
        Assert.StartsWith("Log:Kind has to be Redis", Assert.Single(Problems(("Cluster:Redis", "redis:6379"), ("Cluster:Address", "127.0.0.1"), ("Log:Kind", kind))), StringComparison.Ordinal);

    [Fact]
    public void A_silo_that_others_reach_needs_a_certificate_or_a_word()
    {
        var open = Cluster.Where(one => one.Item1 != "Cluster:Insecure").ToArray();
        Assert.StartsWith("Cluster:Certificate has to be set", Assert.Single(Problems(open)), StringComparison.Ordinal);

        using var certificate = new TestCertificate();
        Assert.NotNull(Read([.. open, ("Cluster:Certificate", certificate.PemPath)]).Network.Certificate);
        Assert.NotNull(Read(Cluster));
    }

    [Fact]
    public void A_password_is_never_repeated()
    {
        using var certificate = new TestCertificate();
        var problem = Assert.Single(Problems(("Cluster:Certificate", certificate.PfxPath), ("Cluster:CertificatePassword", "hunter2")));
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Problems(params (string, string)[] settings) =>
        Assert.Throws<OptionsValidationException>(() => Read(settings)).Failures;

    private static ClusterOptions Read(params (string Setting, string Value)[] settings) =>
        AllSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Setting, one => (string?)one.Value)).Build()).Cluster;
}
